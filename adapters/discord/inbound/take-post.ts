/**
 * Messages of the gateway, their edits and deletions: stored, and stored later when that fails, because none comes twice.
 * Called by the gateway, and for what was missed.
 */
import { setTimeout as timer } from "node:timers/promises";
import type { AdapterHost, Admission, Revision, Seal } from "#core";
import type { Envelope } from "../envelope.ts";
import { closeHandle } from "../handle.ts";
import { parse } from "../parse.ts";
import type { Showing } from "../showing/showing.ts";
import { createHush } from "./hush.ts";
import { wordsFor } from "./receipt.ts";
import { readDeletions, readEdit } from "./revision.ts";
import { tell, type TellDeps } from "./tell.ts";

export type TakePostDeps = TellDeps & {
  readonly host: Pick<AdapterHost, "accept" | "revise" | "clock" | "log">;
  readonly seal: Seal;
  readonly admission: Pick<Admission, "note">;
  readonly showing: Pick<Showing, "heard">;
  readonly closing: AbortSignal;
  /** Pauses before each further try, in milliseconds. */
  readonly pauses?: readonly number[];
};

/** Never throws. Resolves when the event is stored, or its author was asked to repeat. */
export type TakePost = (envelope: Envelope) => Promise<void>;

const PAUSES = [250, 1_000, 3_000, 10_000, 30_000];
const REPEAT = "I could not keep your message. Please send it again in a moment.";

export function createTakePost(deps: TakePostDeps): TakePost {
  const { host } = deps;
  /** Messages that are being stored: what becomes of them meanwhile waits for that. */
  const storing = new Map<string, Promise<unknown>>();
  const hush = createHush(host.clock);
  return async (envelope) => {
    try {
      switch (envelope.event) {
        case "MESSAGE_CREATE":
          return await message(envelope);
        case "MESSAGE_UPDATE": {
          const revision = readEdit(envelope);
          return "ignored" in revision ? undefined : await revise(revision);
        }
        case "MESSAGE_DELETE":
        case "MESSAGE_DELETE_BULK":
          for (const revision of readDeletions(envelope, host.clock.now())) await revise(revision);
          return undefined;
        case "INTERACTION_CREATE":
          return undefined;
      }
    } catch (error) {
      host.log.error("discord.event_failed", error, { event: envelope.event });
    }
  };

  async function message(envelope: Envelope): Promise<void> {
    const inbound = parse(envelope);
    if ("ignored" in inbound) return;
    const { address, messageKey, sender } = inbound;
    const isShared = address.visibility === "shared";
    const mention = { kind: "mention", channel: address.container, message: messageKey } as const;
    const handle = isShared ? { handle: closeHandle(mention, deps.seal, host.clock.now()) } : {};
    const stored = insist(() => host.accept({ ...inbound, ...handle }), deps);
    storing.set(messageKey, stored);
    const receipt = await stored.finally(() => storing.delete(messageKey));
    if (receipt?.kind === "accepted" && isShared) deps.showing.heard(receipt.message, mention);
    const words = receipt ? wordsFor(receipt, "message") : REPEAT;
    // What was lost is always said; what was of no use only so often.
    if (words === undefined || (receipt && receipt.kind !== "linked" && !hush.mayTell(sender.id))) return;
    const told = await tell(
      { kind: "writer", user: sender.id, message: messageKey, channel: address.container },
      words,
      deps,
    );
    if (told !== "ok") host.log.warn("discord.not_told", { code: told });
  }

  async function revise(revision: Revision): Promise<void> {
    await storing.get(revision.messageKey);
    await insist(() => host.revise(revision), deps);
  }
}

/** Undefined when it could not be stored at all. */
async function insist<T>(
  store: () => Promise<T>,
  { host, admission, closing, pauses = PAUSES }: TakePostDeps,
): Promise<T | undefined> {
  for (const pause of [...pauses, undefined]) {
    try {
      const done = await store();
      admission.note(true);
      return done;
    } catch (error) {
      admission.note(false);
      host.log.error("discord.not_stored", error);
    }
    if (pause === undefined || closing.aborted) return undefined;
    await timer(pause, undefined, { signal: closing }).catch(() => undefined);
  }
  return undefined;
}
