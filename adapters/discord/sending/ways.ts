/** Where a part can be put, the best place first. Pure. Walked by send.ts until one takes it; reconcile.ts asks which one was first. */
import type { OutPart } from "#core";
import { isCommand, isFresh, mainCommand, type CommandHandle, type Handle } from "../handle.ts";
import { userOf } from "../platform.ts";

export type Way =
  /** The reply that a command was deferred with: written over as often as we like. */
  | { readonly kind: "original"; readonly handle: CommandHandle }
  | { readonly kind: "follow_up"; readonly handle: CommandHandle }
  /** Our own message, in which the unfinished reply is shown. */
  | { readonly kind: "draft"; readonly channel: string; readonly message: string }
  | { readonly kind: "channel"; readonly channel: string; readonly replyTo: string | null }
  | { readonly kind: "direct"; readonly user: string };

/** Follow-ups that Discord takes where the app is no member. */
const VISITOR_FOLLOW_UPS = 5;

export type Situation = {
  /** Handles of the turn, oldest message first. */
  readonly handles: readonly Handle[];
  /** The message that shows the unfinished reply. */
  readonly draft: string | null;
  readonly now: Date;
  /** False for a token that Discord has forgotten. */
  readonly isAlive: (handle: CommandHandle) => boolean;
};

export function waysOf(
  { address, ordinal }: Pick<OutPart, "address" | "ordinal">,
  situation: Situation,
): readonly Way[] {
  const { handles, draft, now, isAlive } = situation;
  const channel = address.container;
  const ways: Way[] = [];
  if (draft !== null && ordinal === 0) ways.push({ kind: "draft", channel, message: draft });
  const command = mainCommand(handles.filter((handle) => isCommand(handle) && isAlive(handle) && isFresh(handle, now)));
  // What the draft shows stays where it is.
  if (command && draft === null) {
    if (ordinal === 0) ways.push({ kind: "original", handle: command });
    else if (!command.visitor || ordinal <= VISITOR_FOLLOW_UPS) ways.push({ kind: "follow_up", handle: command });
  }
  const asker = mainCommand(handles);
  const alone = userOf(address.root);
  // A private answer is never put where others read it.
  if (alone !== null) return [...ways, { kind: "direct", user: alone }];
  const mention = handles.findLast((handle) => handle.kind === "mention");
  if (!asker?.visitor)
    ways.push({ kind: "channel", channel, replyTo: ordinal === 0 ? (mention?.message ?? null) : null });
  return asker ? [...ways, { kind: "direct", user: asker.user }] : ways;
}
