/** Whether Slack and Nova reach each other: the socket, or the address that Slack posts to. Called by setup.ts. */
import { createHmac } from "node:crypto";
import { z } from "zod";
import type { SetupCheck, SetupContext } from "#core";
import { EVENTS_PATH } from "./manifest.ts";
import { complaint, ill, well } from "./answer.ts";
import type { Caller } from "./call.ts";
import { greet } from "./socket.ts";
import { MISSING } from "./words.ts";

const opened = z.object({ url: z.string() });

export async function socketCheck({ env, signal, mayWrite }: SetupContext, call: Caller): Promise<SetupCheck> {
  const answer = await call("apps.connections.open", env["SLACK_APP_TOKEN"] ?? "");
  const url = answer.kind === "ok" ? opened.safeParse(answer.body).data?.url : undefined;
  if (url === undefined) return ill("app token", ...complaint(answer, "SLACK_APP_TOKEN", MISSING.SLACK_APP_TOKEN));
  if (!mayWrite) return well("app token", "Slack opens connections for it.");
  const greeting = await greet(url, signal);
  signal.throwIfAborted();
  if (greeting.kind === "hello") return well("connection", "Slack says hello over Socket Mode.");
  return greeting.why === "link_disabled"
    ? ill("connection", "Socket Mode is off for this app.", "In the app's settings choose Socket Mode, and enable it.")
    : ill(
        "connection",
        `Slack did not say hello: ${greeting.why}.`,
        "Check that this machine may open WebSockets to wss://wss-primary.slack.com, also through its proxy.",
      );
}

/** Slack posts over HTTPS alone; what stands in for it posts anywhere. */
export function canBePostedTo({ env, publicUrl }: SetupContext): boolean {
  const api = env["SLACK_API_URL"];
  const isSlack = api === undefined || !URL.canParse(api) || /(^|\.)slack\.com$/.test(new URL(api).hostname);
  return !isSlack || publicUrl.startsWith("https://");
}

export const unposted = ({ publicUrl }: SetupContext): SetupCheck =>
  ill(
    "address",
    `Slack posts to HTTPS only, and Nova's address is ${publicUrl}.`,
    "Set NOVA_PUBLIC_URL to the https:// address at which the internet reaches this Nova, and start it again if it runs; or unset SLACK_MODE.",
  );

/** What Slack would post: only who knows the secret is answered. */
export async function addressCheck({ env, publicUrl, serving, clock, signal }: SetupContext): Promise<SetupCheck> {
  const url = `${publicUrl}${EVENTS_PATH}`;
  if (!serving) return well("address", `${url} is tried when Nova runs: start it, and run this again.`);
  const body = JSON.stringify({ type: "url_verification", challenge: "nova-init" });
  const stamp = String(Math.floor(clock.now().getTime() / 1_000));
  const signature = createHmac("sha256", env["SLACK_SIGNING_SECRET"] ?? "")
    .update(`v0:${stamp}:${body}`)
    .digest("hex");
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-slack-request-timestamp": stamp,
      "x-slack-signature": `v0=${signature}`,
    },
    body,
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  }).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    () => undefined, // Told below, whatever it was.
  );
  signal.throwIfAborted();
  if (!answer)
    return ill(
      "address",
      `${url} does not answer.`,
      "Check NOVA_PUBLIC_URL, and the proxy or tunnel in front of Nova.",
    );
  if (answer.status === 401)
    return ill("address", "Nova refuses a request that this secret signed.", "Restart Nova: it runs with another one.");
  if (answer.status !== 200 || !answer.text.includes("nova-init"))
    return ill(
      "address",
      `${url} answers with status ${answer.status}, and not as Nova does.`,
      "Check that NOVA_PUBLIC_URL leads to this Nova, and that it runs with slack in NOVA_ADAPTERS.",
    );
  return well("address", `${url} takes signed requests.`);
}
