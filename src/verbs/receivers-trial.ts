/** `nova receivers test`: one signed post, and what came back. Called by receivers.ts. */
import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { HOME, type EgressAnswer, type Receiver } from "#core";
import type { TriedReceiver } from "./receivers-output.ts";
import type { VerbParts } from "./verb.ts";

const ANSWER_MS = 20_000;

export async function tryReceiver(receiver: Receiver, parts: VerbParts, signal: AbortSignal): Promise<TriedReceiver> {
  const now = parts.clock.now();
  const id = `msg_${randomUUID()}`;
  const body = JSON.stringify({
    type: "nova.test",
    timestamp: now.toISOString(),
    data: { text: "A trial of Nova's." },
  });
  const secrets = await parts.receivers.secrets(receiver, HOME);
  const answer = await parts.egress.request(
    {
      method: "POST",
      url: receiver.url,
      headers: {
        "content-type": "application/json",
        "user-agent": "nova",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
        "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(" "),
      },
      body,
      mostMs: ANSWER_MS,
      mostBytes: 1_024,
    },
    signal,
  );
  return { name: receiver.name, ms: parts.clock.now().getTime() - now.getTime(), ...judged(answer) };
}

function judged(answer: EgressAnswer): Pick<TriedReceiver, "ok" | "detail" | "advice"> {
  switch (answer.kind) {
    case "refused":
      return { ok: false, detail: answer.why, advice: "" };
    case "failed":
      return {
        ok: false,
        detail: `no answer (${answer.code})`,
        advice: "Look whether it runs, and whether Nova reaches it.",
      };
    case "answered": {
      const ok = answer.status >= 200 && answer.status < 300;
      return { ok, detail: `it answered ${answer.status}`, advice: ok ? "" : adviceFor(answer.status) };
    }
  }
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403)
    return "It may check with another secret: `nova receivers rotate` prints a fresh one.";
  if (status >= 300 && status < 400) return "Redirects are not followed: add it by the address that it leads to.";
  return "Its own log says more.";
}
