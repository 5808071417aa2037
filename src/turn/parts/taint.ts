/** What a step has read before it begins that nobody vouches for. Pure; called by prepare.ts. */
import {
  type Message,
  type MessageFile,
  type MemoryTrust,
  type PersonId,
  type Recalled,
  type Settlement,
  type StepOutcome,
  type Taint,
} from "#core";

export type ReadBefore = {
  /** In whose turn it is read. */
  readonly person: PersonId;
  /** The turn's own, with those that Nova's question was about. */
  readonly messages: readonly Message[];
  readonly history: readonly Message[];
  readonly recalled: Recalled | undefined;
  /** Steps of this turn whose words it is given. */
  readonly earlier: readonly Pick<StepOutcome, "agent" | "taints">[];
};

export function taintsOf({ person, messages, history, recalled, earlier }: ReadBefore): readonly Taint[] {
  return distinct([
    ...messages.filter(isOutside).map(({ id }): Taint => ({ by: "words", name: id })),
    ...messages.filter(holdsFiles).map(({ id }): Taint => ({ by: "file", name: id })),
    ...history.flatMap((message) => readAgain(message, person) ?? []),
    ...(recalled?.items ?? []).filter(isFound).map(({ id }): Taint => ({ by: "recall", name: `m${id}` })),
    ...earlier.filter(({ taints }) => taints.length > 0).map(({ agent }): Taint => ({ by: "step", name: agent })),
    ...earlier.flatMap(({ taints }) => taints),
  ]);
}

/** Of an earlier message. In a room of several, what one of them says does not move another one's agent to act alone. */
function readAgain(message: Message, person: PersonId): Taint | undefined {
  const { id, tainted = false, retold = false } = message;
  const said = saidIn(message);
  if (isOutside(message) || holdsFiles(message) || (tainted && !retold)) return { by: "history", name: id, said };
  if (tainted) return { by: "retold", name: id };
  return whose(message) === person ? undefined : { by: "others", name: id, said };
}

function saidIn(message: Message): NonNullable<Taint["said"]> {
  const { author } = message;
  const at = message.at.toISOString();
  if (author.kind === "person") return { what: holdsFiles(message) ? "file" : "message", who: author.name, at };
  return { what: isOutside(message) ? "passed_on" : "answer", at };
}

/** Who said it, or whom it answers. */
const whose = ({ author, asker }: Message): PersonId | undefined => (author.kind === "person" ? author.person : asker);

/**
 * What a reply that rests on these hands on to whoever goes on from it. However often it is told again, in words of whatever
 * length, it stays tainted: only a step that is given nothing of it makes a clean one.
 */
export function stainOf(taints: readonly Taint[]): Pick<Settlement["reply"], "tainted" | "retold"> {
  if (taints.length === 0) return {};
  return taints.every(({ by }) => by === "history" || HEARSAY.has(by))
    ? { tainted: true, retold: true }
    : { tainted: true };
}

/**
 * Whether agents that take nothing from outside, or may do more, are not to be given it. What people who are known said is
 * for every agent, and a conversation that ever read a file would else never go from one agent to another again.
 */
export const turnsAway = (taints: readonly Taint[]): boolean => taints.some(({ by }) => !HEARSAY.has(by));

/** Enough that nothing is done alone, and no more; a step's own sources stand beside it. */
const HEARSAY: ReadonlySet<Taint["by"]> = new Set(["step", "others", "retold"]);

/** What was found somewhere, as against what somebody known said. */
const FOUND: ReadonlySet<MemoryTrust> = new Set(["tool", "web"]);

const isFound = ({ trust }: { readonly trust: MemoryTrust }): boolean => FOUND.has(trust);
const isOutside = ({ origin, scheduled }: Message): boolean => origin === "outside" || scheduled === "outside";
const holdsFiles = ({ files = [] }: Message): boolean => files.some(isRead);
const isRead = ({ text }: MessageFile): boolean => text !== undefined && text !== "";

/** In the order in which they came, each once. */
function distinct(taints: readonly Taint[]): readonly Taint[] {
  return [...new Map(taints.map((taint) => [`${taint.by} ${taint.name}`, taint])).values()];
}
