/** What a step has read before it begins that nobody vouches for. Pure; called by prepare.ts. */
import type { Message, MessageFile, MemoryTrust, Recalled, StepOutcome, Taint } from "#core";

export type ReadBefore = {
  /** The turn's own, with those that Nova's question was about. */
  readonly messages: readonly Message[];
  readonly history: readonly Message[];
  readonly recalled: Recalled | undefined;
  /** Steps of this turn whose words it is given. */
  readonly earlier: readonly Pick<StepOutcome, "agent" | "taints">[];
};

export function taintsOf({ messages, history, recalled, earlier }: ReadBefore): readonly Taint[] {
  return distinct([
    ...messages.filter(isOutside).map(({ id }): Taint => ({ by: "words", name: id })),
    ...messages.filter(holdsFiles).map(({ id }): Taint => ({ by: "file", name: id })),
    ...history
      .filter((message) => isOutside(message) || holdsFiles(message) || message.tainted)
      .map(({ id }): Taint => ({ by: "history", name: id })),
    ...(recalled?.items ?? []).filter(isFound).map(({ id }): Taint => ({ by: "recall", name: `m${id}` })),
    ...earlier.filter(({ taints }) => taints.length > 0).map(({ agent }): Taint => ({ by: "step", name: agent })),
    ...earlier.flatMap(({ taints }) => taints),
  ]);
}

/**
 * Whether a reply is to taint those that go on from it. One that only goes on from another is not: that one still stands
 * in the conversation, and a conversation that ever read a file would else never be clean again.
 */
export const restsOnOthers = (taints: readonly Taint[]): boolean =>
  taints.some(({ by }) => by !== "history" && by !== "step");

/** What was found somewhere, as against what somebody known said. */
const FOUND: ReadonlySet<MemoryTrust> = new Set(["tool", "web"]);

const isFound = ({ trust }: { readonly trust: MemoryTrust }): boolean => FOUND.has(trust);
const isOutside = ({ origin }: Message): boolean => origin === "outside";
const holdsFiles = ({ files = [] }: Message): boolean => files.some(isRead);
const isRead = ({ text }: MessageFile): boolean => text !== undefined && text !== "";

/** In the order in which they came, each once. */
function distinct(taints: readonly Taint[]): readonly Taint[] {
  return [...new Map(taints.map((taint) => [`${taint.by} ${taint.name}`, taint])).values()];
}
