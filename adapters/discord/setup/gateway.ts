/** Whether Discord lets this bot in at its gateway, What is told there is not listened to. Called by way.ts. */
import { z } from "zod";
import { INTENTS } from "../doors/intents.ts";

export type Entry =
  | { readonly kind: "ready"; readonly servers: number }
  /** `code`: Discord's own number of the end; 0 when it told none. */
  | { readonly kind: "failed"; readonly code: number; readonly why: string };

type Knock = {
  readonly url: string;
  readonly token: string;
  readonly signal: AbortSignal;
};

const READY_MS = 15_000;
const HELLO = 10;
const IDENTIFY = 2;
const INVALID_SESSION = 9;

const word = z.looseObject({ op: z.int(), t: z.string().nullish(), d: z.unknown() });
const ready = z.looseObject({ guilds: z.array(z.unknown()) });

export async function enter({ url, token, signal }: Knock): Promise<Entry> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
  const socket = new WebSocket(`${url.replace(/\/+$/, "")}/?v=10&encoding=json`);
  const identify = { token, intents: INTENTS, properties: { os: process.platform, browser: "nova", device: "nova" } };
  try {
    return await new Promise<Entry>((resolve) => {
      const fail = (why: string, code = 0): void => resolve({ kind: "failed", code, why });
      until.addEventListener("abort", () => fail("it was not ready within 15 seconds"), { once: true });
      socket.addEventListener("error", () => fail("the connection was refused"));
      socket.addEventListener("close", ({ code }) => fail(`it closed with ${code}`, code));
      socket.addEventListener("message", ({ data }) => {
        const said = word.safeParse(parsed(String(data))).data;
        if (said?.op === HELLO) socket.send(JSON.stringify({ op: IDENTIFY, d: identify }));
        if (said?.op === INVALID_SESSION) fail("it asks for a pause");
        if (said?.t === "READY") resolve({ kind: "ready", servers: ready.safeParse(said.d).data?.guilds.length ?? 0 });
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
    return undefined; // Discord speaks JSON; anything else is no greeting.
  }
}
