/** Whether Discord and Nova reach each other: the gateway, or the address that interactions are posted to. Called by setup.ts. */
import { z } from "zod";
import { ill, untriedAddress, well, type SetupCheck, type SetupContext } from "#core";
import { INTERACTIONS_PATH } from "../doors/http.ts";
import type { Rest } from "../rest.ts";
import { complaint, read } from "./answer.ts";
import { enter } from "./gateway.ts";
import { ENDPOINT_PLACE, MISSING } from "./words.ts";

export const application = z
  .object({
    id: z.string(),
    name: z.string(),
    verify_key: z.string(),
    interactions_endpoint_url: z.string().nullish(),
  })
  .transform(({ id, name, verify_key: key, interactions_endpoint_url: endpoint = null }) => ({
    id,
    name,
    key,
    endpoint,
  }));
export type Application = z.infer<typeof application>;

const gateway = z.object({
  url: z.string(),
  session_start_limit: z.object({ remaining: z.number() }).optional(),
});

export async function gatewayCheck({ env, mayWrite, signal }: SetupContext, rest: Rest): Promise<SetupCheck> {
  const answer = await rest.call({ method: "GET", route: "/gateway/bot" }, signal);
  const found = read(answer, gateway);
  if (!found) return ill("gateway", ...complaint(answer, "its gateway", MISSING.DISCORD_TOKEN));
  const left = found.session_start_limit?.remaining;
  if (left === 0)
    return ill(
      "gateway",
      "Discord lets this bot connect no more today.",
      "Wait a day, and see in the log what restarts.",
    );
  if (!mayWrite)
    return well(
      "gateway",
      `The token may connect${left === undefined ? "" : `, ${left} more ${left === 1 ? "time" : "times"} today`}.`,
    );
  const entry = await enter({ url: found.url, token: env["DISCORD_TOKEN"] ?? "", signal });
  signal.throwIfAborted();
  if (entry.kind === "failed") return ill("gateway", ...refusal(entry));
  const servers = entry.servers === 1 ? "one server" : `${entry.servers} servers`;
  return well("gateway", `Discord is ready; the bot is in ${servers}.`);
}

function refusal({ code, why }: { readonly code: number; readonly why: string }): [string, string] {
  if (code === 4004) return ["Discord refuses DISCORD_TOKEN at the gateway.", MISSING.DISCORD_TOKEN];
  if (code === 4013 || code === 4014)
    return [`Discord refuses the intents (${code}).`, "Update Nova: it needs no privileged intent."];
  return [
    `Discord did not become ready: ${why}.`,
    "Check that this machine may open WebSockets to gateway.discord.gg.",
  ];
}

/** Only Discord can sign; that what is not signed is refused shows that Nova is there, and awake. */
export async function addressCheck({ publicUrl, serving, signal }: SetupContext): Promise<SetupCheck> {
  const url = `${publicUrl}${INTERACTIONS_PATH}`;
  if (!serving) return untriedAddress(url);
  const status = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-signature-ed25519": "00".repeat(64),
      "x-signature-timestamp": "0",
    },
    body: JSON.stringify({ type: 1 }),
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  }).then(
    (response) => response.status,
    () => undefined, // Told below, whatever it was.
  );
  signal.throwIfAborted();
  if (status === 401) return well("address", `${url} answers, and refuses what Discord did not sign.`);
  return ill(
    "address",
    status === undefined ? `${url} does not answer.` : `${url} answers with status ${status}, and not as Nova does.`,
    "Check NOVA_PUBLIC_URL, the proxy or tunnel in front of Nova, and that discord is in NOVA_ADAPTERS.",
  );
}

/** Discord tries the address when it is entered, so Nova has to run by then. */
export function endpointCheck({ endpoint }: Application, { publicUrl }: SetupContext): SetupCheck {
  const url = `${publicUrl}${INTERACTIONS_PATH}`;
  if (endpoint === url) return well("endpoint", "Discord posts to that address.");
  return ill(
    "endpoint",
    endpoint === null ? "The application has no Interactions Endpoint URL yet." : `Discord posts to ${endpoint}.`,
    `Start Nova, then: ${ENDPOINT_PLACE}: enter ${url} and save. Discord tries it at once.`,
  );
}
