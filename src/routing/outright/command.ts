/** Words that begin with a slash: Nova's own commands and the librarian's verbs. A rule of the exact stage. */
import { closest, distance } from "fastest-levenshtein";
import { afterWrong, COMMANDS, isStop, type AgentSpec, type Route, type RouteAsk } from "#core";
import { toAgent, toCommand, toRefusal } from "../routes.ts";
import { wrong } from "./wrong.ts";

/** Verbs that the librarian carries out; it reads them as the first word. */
const KEEPING = ["remember", "recall", "forget"] as const;
const LIBRARIAN = "librarian";
const KNOWN: readonly string[] = [...COMMANDS, ...KEEPING, "ask", "wrong"];

/** Of a longer word two letters may be wrong, of a short one fewer: "/how" is no "/why". */
const MOST_SLIPS = 2;

/** Behind `/nova`, too, as Slack has it: what is copied from there works everywhere. A name right after the slash and then a space or the end: paths and fractions are words. */
const COMMAND = /^\s*\/(?:nova\s+(?=\p{L}))?(?<name>\p{L}[\p{L}\p{N}_-]*)(?:[:,.!?]?\s+(?<rest>[\s\S]*)|[:,.!?]*\s*)$/u;

export function command(ask: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  const corrects = afterWrong(ask.words);
  if (corrects !== undefined) return wrong(ask, corrects, agents);
  const groups = COMMAND.exec(ask.words)?.groups;
  if (!groups) return bareStop(ask);
  const said = (groups["name"] ?? "").toLowerCase();
  const rest = (groups["rest"] ?? "").trim();
  const known = COMMANDS.find((name) => name === said);
  if (known) return toCommand(known, rest, ask.words);
  const verb = KEEPING.find((name) => name === said);
  if (verb) return toLibrarian(`${verb} ${rest}`.trim(), agents);
  if (said === "ask") return toRefusal("`/ask` needs a question after it.", ask.words);
  return toRefusal(unknown(said), ask.words);
}

/** `/ask …` only says that what follows is meant as a question; addressing Nova itself says nothing either. */
export function withoutPreamble(text: string): string {
  return text.replace(/^\s*(?:\/ask(?:[:,]?\s+)(?=\S)|@nova(?![\p{L}\p{N}_-])[:,]?\s*(?=\S))/iu, "");
}

function bareStop(ask: RouteAsk): Route | undefined {
  return isStop(ask.words) ? toCommand("stop", "", ask.words) : undefined;
}

function toLibrarian(text: string, agents: readonly AgentSpec[]): Route {
  const librarian = agents.find((agent) => agent.id === LIBRARIAN);
  const verb = text.split(" ", 1)[0] ?? "";
  if (!librarian)
    return toRefusal(`\`/${verb}\` needs an agent that keeps notes, and you cannot reach one here.`, text);
  return toAgent(librarian, text, `\`/${verb}\` goes to the ${librarian.name}.`);
}

function unknown(said: string): string {
  const begun = KNOWN.filter((name) => said.length > 2 && name.startsWith(said));
  const near = closest(said, begun.length > 0 ? begun : [...KNOWN]);
  const isNear = begun.length > 0 || distance(said, near) <= Math.min(MOST_SLIPS, near.length / 2);
  const nearest = isNear ? ` The nearest is \`/${near}\`.` : "";
  return `There is no command \`/${said}\`.${nearest} \`/help\` lists them.`;
}
