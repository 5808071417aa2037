/** Whether Slack lets Nova connect by Socket Mode. Called by setup.ts. */
import { z } from "zod";
import { ill, well, type SetupCheck, type SetupContext } from "#core";
import { complaint } from "./answer.ts";
import type { Caller } from "./call.ts";
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

type Greeting = { readonly kind: "hello" } | { readonly kind: "failed"; readonly why: string };

const HELLO_MS = 10_000;
const word = z.looseObject({ type: z.string(), reason: z.string().optional() });

/** Whether Slack says hello. Nothing is acknowledged here: what comes meanwhile comes again. */
async function greet(url: string, signal: AbortSignal): Promise<Greeting> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(HELLO_MS)]);
  const socket = new WebSocket(url);
  try {
    return await new Promise<Greeting>((resolve) => {
      const fail = (why: string): void => resolve({ kind: "failed", why });
      until.addEventListener("abort", () => fail("no hello within 10 seconds"), { once: true });
      socket.addEventListener("error", () => fail("the connection was refused"));
      socket.addEventListener("close", () => fail("the connection was closed"));
      socket.addEventListener("message", ({ data }) => {
        const said = word.safeParse(parsed(String(data)));
        if (said.data?.type === "hello") resolve({ kind: "hello" });
        if (said.data?.type === "disconnect") fail(said.data.reason ?? "disconnect");
      });
    });
  } finally {
    socket.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Slack speaks JSON; anything else is no hello.
  }
}
