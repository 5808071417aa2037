/** Whether Slack says hello on a real socket, for setup.ts. Nothing is acknowledged on it: what comes meanwhile comes again. */
import { z } from "zod";

export type Greeting = { readonly kind: "hello" } | { readonly kind: "failed"; readonly why: string };

const HELLO_MS = 10_000;
const word = z.looseObject({ type: z.string(), reason: z.string().optional() });

export async function greet(url: string, signal: AbortSignal): Promise<Greeting> {
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
