/** The answer to "which projects are there?", by rule: nobody has to guess what is written down. Used by librarian.ts and concierge.ts. */
import { tellProjects, type AgentStep } from "#core";

/** The whole of the words: what goes on in a project is another question. */
const ASKED = new RegExp(
  [
    String.raw`(?:what|which) (?:other )?projects (?:are there|exist|do (?:i|we|you) have|do you know(?: of| about)?)(?: here| yet| already| so far)?`,
    String.raw`(?:list|show|name|tell)(?: me)?(?: all)?(?: of)?(?: the| my| our| your)? projects(?: please)?`,
    String.raw`what are (?:the|my|our|your) projects(?: called)?`,
    String.raw`(?:do (?:i|we|you) have|are there)(?: any)? projects(?: here| yet| already)?`,
    String.raw`(?:in )?(?:what|which) project (?:are we|am i|is this(?: conversation| chat)?)(?: in)?(?: here| now)?`,
  ]
    .map((form) => `^(?:please |can you )?${form}$`)
    .join("|"),
);

/** Undefined where something else is asked. Guests know of no project. */
export async function projectsAsked({ ask, context }: AgentStep): Promise<string | undefined> {
  if (ask.origin === "outside" || ask.person.role === "guest") return undefined;
  const words = (ask.own ?? ask.words)
    .trim()
    .toLowerCase()
    .replace(/[\s.!?…]+$/u, "")
    .replaceAll(/[\s,]+/g, " ");
  return ASKED.test(words) ? tellProjects(await context.projects()) : undefined;
}
