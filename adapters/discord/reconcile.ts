/** What became of a part whose send nobody saw end: after a break of the line, or of this process. */
import type { OutPart } from "#core";
import { partBody } from "./message.ts";
import { handlesOf, NONCE_MS, type SendDeps } from "./send.ts";
import type { Try } from "./tries.ts";
import { waysOf } from "./ways.ts";

export function createReconcile(deps: SendDeps): (part: OutPart) => Promise<"sent" | "absent" | "cannot_tell"> {
  const { tries, look, host } = deps;
  return async (part) => {
    const now = host.clock.now();
    const doubt = tries.of(part.id) ?? (await before(part, now, deps));
    const isSoon = now.getTime() - doubt.since < NONCE_MS;
    // To be sent again, which shows it once: Discord knows the nonce still, or the same message is written over.
    if (doubt.isSafe && (isSoon || doubt.channel === null)) return "absent";
    if (doubt.channel === null) return "cannot_tell";
    const found = await look(part, { channel: doubt.channel, content: partBody(part, host).content });
    if (found.kind !== "cannot_tell") tries.settled(part.id, found.kind === "sent" ? found.message : undefined);
    return found.kind;
  };
}

/** What an earlier process will have done; no part is sent before it was made. */
async function before(part: OutPart, now: Date, deps: SendDeps): Promise<Try> {
  const handles = handlesOf(part, deps.seal);
  const isAlive = () => true;
  const [way] = waysOf(part, { handles, draft: part.draft === null ? null : "noted", now, isAlive });
  const since = part.at.getTime();
  switch (way?.kind) {
    case "original":
    case "draft":
      return { channel: null, since, isSafe: true };
    case "channel":
      return { channel: way.channel, since, isSafe: true };
    case "follow_up": {
      const isSeen = !way.handle.hidden && !way.handle.visitor;
      return { channel: isSeen ? part.address.container : null, since, isSafe: false };
    }
    case "direct": {
      const channel = await deps.directs.with(way.user);
      return { channel: typeof channel === "string" ? channel : null, since, isSafe: typeof channel === "string" };
    }
    case undefined:
      return { channel: null, since, isSafe: false };
  }
}
