/** Answers from memory by quoting it, with date and citation; how sure it sounds is recall's verdict, not its own. */
import { clip, type AgentStep, type MemoryKind, type Recalled, type RecalledItem } from "#core";
import { answer, type Decision } from "./decision.ts";

const MAX_QUOTED = 3;
/** Items this near to the best one are quoted with it. */
const NEAR = 0.75;
const MAX_QUOTE = 700;

const VERBS: Readonly<Record<MemoryKind, string>> = {
  turn: "said",
  note: "noted",
  update: "reported",
  decision: "decided",
  fact: "noted",
  preference: "said",
  task: "planned",
};

export function answerFromMemory(step: AgentStep, { items, verdict }: Recalled): Decision {
  const [best] = items;
  if (verdict === "none" || !best) return answer("I have nothing stored about that.");
  const near = items.filter((item) => item === best || isNear(item, best)).slice(0, MAX_QUOTED);
  if (verdict === "weak") {
    return answer(`I am not sure that this is what you mean. The nearest I have:\n\n${listed(step, near)}`);
  }
  return answer(near.length === 1 ? quote(step, best) : listed(step, near));
}

/** Items that hold none of the asked words came along for their neighbours' sake: context, and no answer. */
const isNear = (item: RecalledItem, best: RecalledItem): boolean =>
  item.score >= best.score * NEAR && (item.matched.length > 0 || best.matched.length === 0);

const listed = (step: AgentStep, items: readonly RecalledItem[]): string =>
  items.map((item) => `- ${quote(step, item)}`).join("\n");

/** For instance: You noted on 20 Nov 2026: “…” [m12] */
function quote({ ask }: AgentStep, { id, author, kind, at, text }: RecalledItem): string {
  const who = author.toLowerCase() === ask.person.name.toLowerCase() ? "You" : author;
  // What looks like a citation inside the quoted words is none of ours.
  const words = clip(
    text
      .replace(/\s+/g, " ")
      .replace(/\[(m\d+)\]/g, "($1)")
      .trim(),
    MAX_QUOTE,
  );
  return `${who} ${VERBS[kind]} on ${day(at)}: “${words}” [m${id}]`;
}

const day = (at: Date): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(at);
