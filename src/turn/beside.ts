/**
 * What a command means that finds nothing in its own conversation: platforms keep commands apart, and threads from each
 * other, so that it is about what the same person asked beside it. Used by commands.ts.
 */
import { clip, gistOf, type TakenTurn } from "#core";
import type { Crew } from "./crew.ts";
import type { Stops } from "./hold.ts";

/** How much of a question is quoted to say which one is meant. */
const FIRST_WORDS = 60;

/** How many turns were asked to stop; each ends where it was asked. Stored first, for whoever takes them after a crash. */
export async function stopBeside(
  turn: TakenTurn,
  { turns, stops }: Pick<Crew, "turns"> & { readonly stops: Pick<Stops, "stop"> },
): Promise<number> {
  let stopped = 0;
  for (const each of await turns.runningBeside(turn)) {
    if (!(await turns.stop(each))) continue;
    stops.stop(each);
    stopped += 1;
  }
  return stopped;
}

/** The last route beside this turn's conversation, and in words which question it was of. */
export async function lastBeside(turn: TakenTurn, { transcript }: Pick<Crew, "transcript">) {
  const last = await transcript.lastRouteBeside(turn);
  const past = last && (await transcript.turnOf(last.turn, turn.person));
  if (!past || past === "another's") return undefined;
  const { root } = past.address;
  // A root with an @ is the place of somebody's commands.
  const where = root === null || root.startsWith("@") ? "here" : "in the thread";
  const kept = past.messages.filter(({ deletedAt }) => deletedAt === undefined);
  const words = kept.map(gistOf).join(" ").replaceAll(/\s+/g, " ").trim();
  return { ...last, question: `Your question ${where}${words === "" ? "" : `, “${clip(words, FIRST_WORDS)}”,`}` };
}
