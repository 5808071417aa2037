/** What became of a part whose send nobody saw end: after a break of the line, or of this process. Made by index.ts. */
import type { AdapterHost, OutPart, Seal } from "#core";
import { handlesOf, isFresh, mainCommand, type CommandHandle, type Handle } from "../handle.ts";
import { NONCE_MS, partBody } from "../message.ts";
import { userOf } from "../platform.ts";
import type { Directs } from "./direct.ts";
import type { Forgotten } from "./forgotten.ts";
import type { Look } from "./look.ts";
import type { Tries, Try } from "./tries.ts";
import { waysOf, type Way } from "./ways.ts";

export type ReconcileDeps = {
  readonly directs: Directs;
  readonly forgotten: Forgotten;
  readonly tries: Tries;
  readonly look: Look;
  readonly seal: Seal;
  readonly host: Pick<AdapterHost, "agentName" | "clock">;
};

type Fate = "sent" | "absent" | "cannot_tell";

export function createReconcile(deps: ReconcileDeps) {
  const { tries, host, directs, seal } = deps;
  return async (part: OutPart, signal: AbortSignal): Promise<Fate> => {
    // Written over once more it stands there once.
    if (part.amends !== null) return "absent";
    const handles = handlesOf(part, seal);
    const known = tries.of(part.id);
    // No part is sent before it was made, and what its command's token opened then it may not open now.
    const since = known?.since ?? part.at.getTime();
    const way = wayAt(part, handles, new Date(since));
    const isSoon = host.clock.now().getTime() - since < NONCE_MS;
    const isWrittenOver = way?.kind === "original" || way?.kind === "draft";
    if (isWrittenOver && !known?.channel) return overwritten(part, { way, isSoon, handles }, signal);
    const doubt = known ?? (await before(part, { way, since }, deps, signal));
    // To be sent again, which shows it once: Discord knows the nonce still.
    if (doubt.isSafe && isSoon) return "absent";
    return doubt.channel === null ? "cannot_tell" : lookFor(part, { channel: doubt.channel }, signal);
  };

  type Written = {
    readonly way: Extract<Way, { kind: "original" | "draft" }>;
    readonly isSoon: boolean;
    readonly handles: readonly Handle[];
  };

  /** To be written over again, which shows it once, unless it went another way or has to go another way now. */
  async function overwritten(part: OutPart, { way, isSoon, handles }: Written, signal: AbortSignal): Promise<Fate> {
    const isOpen = way.kind === "draft" || isOpenStill(way.handle);
    if (isOpen && isSoon) return "absent";
    const asker = mainCommand(handles);
    const user = userOf(part.address.root) ?? (asker?.visitor ? asker.user : null);
    const channel = user === null ? part.address.container : await directs.with(user, signal);
    const from = way.kind === "original" ? new Date(way.handle.at) : part.at;
    const found = typeof channel === "string" ? await lookFor(part, { channel, from }, signal) : "cannot_tell";
    if (found === "sent" || (user === null && !isOpen)) return found;
    // What only the asker saw stands where nobody can look.
    return isOpen ? "absent" : "cannot_tell";
  }

  function isOpenStill(handle: CommandHandle): boolean {
    return isFresh(handle, host.clock.now()) && !deps.forgotten.has(handle);
  }

  async function lookFor(
    part: OutPart,
    { channel, from = part.at }: { readonly channel: string; readonly from?: Date },
    signal: AbortSignal,
  ): Promise<Fate> {
    const found = await deps.look(part, { channel, content: partBody(part, host).content, from }, signal);
    if (found.kind !== "cannot_tell") tries.settled(part.id, found.kind === "sent" ? found.message : undefined);
    return found.kind;
  }
}

const wayAt = (part: OutPart, handles: readonly Handle[], now: Date): Way | undefined =>
  waysOf(part, { handles, draft: part.draft === null ? null : "noted", now, isAlive: () => true })[0];

/** What an earlier process will have done. */
async function before(
  part: OutPart,
  { way, since }: { readonly way: Way | undefined; readonly since: number },
  { directs }: Pick<ReconcileDeps, "directs">,
  signal: AbortSignal,
): Promise<Try> {
  switch (way?.kind) {
    case "channel":
      return { channel: way.channel, since, isSafe: true };
    case "follow_up": {
      const isSeen = !way.handle.hidden && !way.handle.visitor;
      return { channel: isSeen ? part.address.container : null, since, isSafe: false };
    }
    case "direct": {
      const channel = await directs.with(way.user, signal);
      return { channel: typeof channel === "string" ? channel : null, since, isSafe: typeof channel === "string" };
    }
    case "original":
    case "draft":
    case undefined:
      return { channel: null, since, isSafe: false };
  }
}
