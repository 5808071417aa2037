/** Sends what the outbox holds for a conversation, part by part in order. Called by the worker; the queue retries. */
import { NovaError, type ConversationId, type OutPart, type SendResult } from "#core";
import type { Crew, Outlet } from "./crew.ts";

/** How often a part that was certainly not sent is tried before it is given up. */
const MAX_SENDS = 5;

export async function deliver(conversation: ConversationId, crew: Crew, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const next = await crew.outbox.next(conversation);
    if (!next) return;
    const { part, resumed } = next;
    const result = await send(part, resumed, crew.outlet(part.address), signal);
    const giveUp = result.kind === "not_sent" && (!result.retry || part.attempts + 1 >= MAX_SENDS);
    await crew.outbox.record(part, result, giveUp);
    if (result.kind === "sent") continue;
    crew.log.warn("part.not_sent", { turn: part.turn, part: part.ordinal, outcome: result.kind, code: result.code });
    if (result.kind === "not_sent" && !giveUp) {
      throw new NovaError("unavailable", `A reply could not be sent yet (${result.code}).`, {
        advice: "It will be tried again.",
      });
    }
  }
}

async function send(
  part: OutPart,
  resumed: boolean,
  outlet: Outlet | undefined,
  signal: AbortSignal,
): Promise<SendResult> {
  if (!outlet) return { kind: "not_sent", retry: false, code: "channel_not_running" };
  if (resumed && !outlet.idempotentSend) {
    const fate = (await outlet.reconcile?.(part)) ?? "cannot_tell";
    if (fate === "sent") return { kind: "sent", externalId: part.id };
    if (fate === "cannot_tell") return { kind: "unknown", code: "interrupted" };
  }
  try {
    return await outlet.send(part, signal);
  } catch (error) {
    signal.throwIfAborted();
    // An adapter that throws has broken its promise; a part must not block the ones behind it for that.
    const code = error instanceof Error ? error.name : "unknown";
    return outlet.idempotentSend ? { kind: "not_sent", retry: true, code } : { kind: "unknown", code };
  }
}
