/** The end of a turn whose every message was deleted before it was read. Called by turn.ts. */
import type { Settlement, TakenTurn } from "#core";
import type { Crew } from "./crew.ts";
import { stopped } from "./endings.ts";

const TEXT = "You deleted this before I had read it, so there is no answer.";

export const isTakenBack = ({ messages }: TakenTurn): boolean => messages.every(({ deletedAt }) => deletedAt);

export const takenBack = (turn: TakenTurn, crew: Pick<Crew, "surfaces" | "roster">): Settlement => ({
  ...stopped(turn, crew),
  reply: { agent: null, text: TEXT, note: { kind: "stopped", model: null } },
  parts: crew.surfaces.render(turn.address, TEXT),
});
