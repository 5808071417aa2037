/** Forgets items by id, or by a subject that fits exactly one of them. Used by librarian.ts. */
import {
  clip,
  terms,
  type AgentStep,
  type CodedReply,
  type ItemId,
  type MemoryItem,
  type Recalled,
  type RecalledItem,
} from "#core";

const MOST_LISTED = 6;
const QUOTED = 120;

export async function forgetItems(items: readonly ItemId[], { context }: AgentStep): Promise<CodedReply> {
  const found: MemoryItem[] = [];
  for (const id of items) {
    const item = await context.recall.get(id);
    if (!item) return notFound(`There is no item [m${id}] that you may forget. Nothing was changed.`);
    found.push(item);
  }
  return forgotten(found);
}

export async function forgetAbout(subject: string, { agent, ask, context }: AgentStep): Promise<CodedReply> {
  if (VAGUE.test(subject) || terms(subject).length === 0) {
    const all = /^(?:everything|all)/i.test(subject);
    const lead = all ? "I forget one thing at a time, so that nothing is lost by mistake." : "What should I forget?";
    const question = `${lead} Name its subject, or its id, such as m12; “list my notes” shows both.`;
    return { reply: { kind: "clarify", question, options: [] } };
  }
  const recalled = await context.recall.recall({
    query: subject,
    limit: MOST_LISTED,
    now: ask.now,
    agent: agent.id,
    turn: ask.turn,
  });
  const [best, ...others] = closest(recalled, subject);
  if (!best) return notFound(`Nothing is stored about ${quote(subject)}. Nothing was changed.`);
  if (recalled.verdict === "answer" && others.length === 0) return forgotten([best]);
  return askWhich([best, ...others]);
}

/** Bulk deletion and "forget it" name nothing that could be looked up. */
const VAGUE =
  /^(?:it|that|this|everything|all|all of it|all (?:of )?(?:my |the |your )?(?:notes|memor(?:y|ies))|everything (?:about me|you know(?: about me)?)|me|about it|)$/i;

/** The items that hold the words of the subject as well as the best one does. */
function closest({ verdict, items }: Recalled, subject: string): readonly RecalledItem[] {
  if (verdict === "none") return [];
  const wanted = new Set(terms(subject));
  const held = (item: RecalledItem): number =>
    terms(item.text).filter((term, i, all) => wanted.has(term) && all.indexOf(term) === i).length;
  const most = Math.max(0, ...items.map(held));
  return most === 0 ? [] : items.filter((item) => held(item) === most);
}

function forgotten(items: readonly MemoryItem[]): CodedReply {
  const lines = items.map((item) => `- [m${item.id}] ${quote(item.text)}`);
  return {
    reply: {
      kind: "answer",
      text: `Forgotten, and not to be recalled again:\n\n${lines.join("\n")}\n\nThe words still stand in this conversation.`,
    },
    changes: items.map((item) => ({ kind: "forget", item: item.id })),
    results: items.map((item) => `[m${item.id}] ${item.text}`),
  };
}

function askWhich(items: readonly MemoryItem[]): CodedReply {
  const lines = items.map((item) => `- [m${item.id}] ${quote(item.text)}`);
  const head = items.length === 1 ? "Do you mean this one?" : "Which of these should I forget?";
  const question = clip(`${head} Nothing is forgotten yet.\n\n${lines.join("\n")}`, 2_000);
  return { reply: { kind: "clarify", question, options: items.map((item) => `forget m${item.id}`) } };
}

const notFound = (reason: string): CodedReply => ({ reply: { kind: "fail", code: "not_found", reason } });
const quote = (text: string): string => `“${clip(text.replace(/\s+/g, " ").trim(), QUOTED)}”`;
