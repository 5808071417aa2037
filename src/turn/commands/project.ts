/** What Nova answers to /project: which there are, which one this conversation is in, and how something is kept in one. Called by commands.ts. */
import {
  isAway,
  NovaError,
  projectsSeen,
  sentenceFor,
  tellProjects,
  type ProjectsSeen,
  type Route,
  type Settlement,
  type TakenTurn,
} from "#core";
import type { Crew } from "../crew.ts";
import { novaSays, refusedRoute } from "../endings.ts";
import { shown } from "./identity-words.ts";

export type ProjectCrew = Pick<Crew, "projects" | "surfaces" | "roster">;

export async function answerProject(
  turn: TakenTurn,
  route: Route,
  rest: string,
  crew: ProjectCrew,
): Promise<Settlement> {
  try {
    if (turn.person.role === "guest") throw new NovaError("forbidden", "Projects are not for guests.");
    const seen = await projectsSeen(crew.projects, turn);
    const name = rest.trim();
    return novaSays(turn, crew, { route, text: name === "" ? tellProjects(seen) : about(name, seen) });
  } catch (error) {
    if (!(error instanceof NovaError) || isAway(error)) throw error;
    return refusedRoute(turn, route, sentenceFor(error), crew);
  }
}

/** Rows know their project from the first one on, so a conversation never moves into another. */
function about(name: string, { names, here }: ProjectsSeen): string {
  const found = names.find((each) => each.toLowerCase() === name.toLowerCase());
  if (found === undefined)
    throw new NovaError("not_found", `No project is called ${shown(name)}.`, { advice: "`/project` lists them." });
  if (found === here) return `This conversation is in **${found}**: what is kept here belongs to it.`;
  const where = here === null ? "in no project" : `in **${here}**`;
  return `This conversation is ${where}, and stays there. To keep something in **${found}**, write: \`note in project ${found}: …\``;
}
