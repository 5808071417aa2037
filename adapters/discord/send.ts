/** Puts a part where it belongs: into the reply of its command, into the message of its draft, or as a message. */
import { once } from "node:events";
import { z } from "zod";
import type { AdapterHost, OutPart, Seal, SendResult } from "#core";
import { CODES, codeOf, type Answer } from "./answer.ts";
import { handlesOf, isCommand, isFresh, type Handle } from "./handle.ts";
import { bodyOf, NONCE_MS, partBody } from "./message.ts";
import { editOriginal } from "./reply.ts";
import type { Rest } from "./rest.ts";
import { amended } from "./sending/amend.ts";
import type { Directs } from "./sending/direct.ts";
import type { Forgotten } from "./sending/forgotten.ts";
import type { Look } from "./sending/look.ts";
import { put, type Put } from "./sending/put.ts";
import type { Tries } from "./sending/tries.ts";
import { waysOf, type Way } from "./sending/ways.ts";

export type SendDeps = {
  readonly rest: Rest;
  readonly directs: Directs;
  readonly forgotten: Forgotten;
  readonly tries: Tries;
  readonly look: Look;
  readonly application: string;
  readonly seal: Seal;
  readonly host: Pick<AdapterHost, "agentName" | "clock">;
  /** Ends what shows the unfinished reply of the part's turn, and tells which message showed it. */
  readonly finish: (part: OutPart) => Promise<string | null>;
  /** Told of what goes on behind a send. */
  readonly beside: (work: Promise<void>) => void;
};

export function createSend(deps: SendDeps): (part: OutPart, signal: AbortSignal) => Promise<SendResult> {
  const { tries, host } = deps;
  return async (part, signal) => {
    const handles = handlesOf(part, deps.seal);
    const changed = await amended(part, handles, deps, signal);
    if (changed) return changed;
    const draft = await unless(signal, deps.finish(part));
    if (draft === undefined) return { kind: "not_sent", retry: true, code: "stopping" };
    const known = await whatBecame(part, deps, signal);
    if (known) return known;
    const now = host.clock.now();
    const ways = waysOf(part, { handles, draft, now, isAlive: (handle) => !deps.forgotten.has(handle) });
    const body = partBody(part, host);
    let result: SendResult = { kind: "not_sent", retry: false, code: "discord_no_way" };
    for (const way of ways) {
      const done = await put(way, { part, body }, deps, signal);
      result = resultOf(part, done, tries, host.clock.now());
      if (!isClosed(way, done.answer, deps)) break;
    }
    // Not waited for: the next part is not held up by what is said beside it.
    if (result.kind === "sent" && part.ordinal === 0) deps.beside(answerOthers(handles, ways, deps));
    return result;
  };
}

/** Undefined when the signal aborts first. */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const heard = new AbortController();
  try {
    return await Promise.race([work, once(signal, "abort", { signal: heard.signal }).then(() => undefined)]);
  } finally {
    heard.abort();
  }
}

/** Set when an earlier send of it cannot be made again without a look. */
async function whatBecame(part: OutPart, deps: SendDeps, signal: AbortSignal): Promise<SendResult | undefined> {
  const { tries, look, host } = deps;
  const doubt = tries.of(part.id);
  if (!doubt || doubt.channel === null || host.clock.now().getTime() - doubt.since < NONCE_MS) return undefined;
  const found = await look(part, { channel: doubt.channel, content: partBody(part, host).content }, signal);
  if (found.kind === "cannot_tell") return { kind: "unknown", code: "discord_no_look" };
  tries.settled(part.id, found.kind === "sent" ? found.message : undefined);
  return found.kind === "sent" ? { kind: "sent", externalId: found.message } : undefined;
}

const message = z.object({ id: z.string() });

function resultOf(part: OutPart, { answer, channel, isSafe }: Put, tries: Tries, now: Date): SendResult {
  const code = codeOf(answer);
  switch (answer.kind) {
    case "done": {
      const id = message.safeParse(answer.body).data?.id;
      tries.settled(part.id, id);
      return { kind: "sent", externalId: id ?? part.id };
    }
    case "later":
      return { kind: "not_sent", retry: true, afterMs: answer.afterMs, code };
    case "unsent":
      return { kind: "not_sent", retry: true, code };
    case "refused":
      // A wrong bot token is mended by whoever runs this; all else Discord refuses for good.
      return { kind: "not_sent", retry: answer.status === 401, code };
    case "unknown":
      tries.inDoubt(part.id, { channel, since: now.getTime(), isSafe });
      return { kind: "unknown", code };
  }
}

/** True when the part has to go another way. */
function isClosed(way: Way, answer: Answer, { forgotten }: Pick<SendDeps, "forgotten">): boolean {
  if (answer.kind !== "refused") return false;
  switch (way.kind) {
    case "original":
    case "follow_up":
      return forgotten.note(way.handle, answer) || answer.code === CODES.tooManyFollowUps;
    case "draft":
      return answer.status === 404 || answer.status === 403;
    case "channel":
      return answer.status === 403 || answer.status === 404;
    case "direct":
      return false;
  }
}

/** Several commands were answered together: none of them stays "thinking". Tried once; their tokens die by themselves. */
async function answerOthers(
  handles: readonly Handle[],
  ways: readonly Way[],
  { rest, application, forgotten, host }: SendDeps,
): Promise<void> {
  const main = ways.find((way) => way.kind === "original")?.handle;
  const answered = ways[0]?.kind === "draft" ? "Answered below." : "Answered above.";
  const others = handles
    .filter((handle) => isCommand(handle))
    .filter((handle) => handle !== main && !forgotten.has(handle) && isFresh(handle, host.clock.now()));
  for (const handle of others) {
    const words = bodyOf(handle.stop ? "Stopped." : answered);
    forgotten.note(handle, await rest.call(editOriginal(application, handle, words)));
  }
}
