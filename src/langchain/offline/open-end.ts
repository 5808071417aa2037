/** What is said when neither a rule, a tool nor memory settles a message: plainly, and never more than is true. */
import { clip, isStatement, terms, words, type AgentStep } from "#core";
import { asksSomething } from "./asking.ts";
import { answer, clarify, fail, type Decision } from "./decision.ts";
import { direct } from "./introduction.ts";
import { needsModel, unknown } from "./needs-model.ts";
import { isDeed, translates, verbIn } from "./task.ts";

/** Words of requests that do not say yet what is wanted. */
const VAGUE = new Set(
  terms("need want help something anything question problem thing think know sure like tell talk idea advice favour"),
);
/** A longer message without a task is a text that somebody pasted. */
const PASTED = 60;
/** Up to this many words a message may lean on what was said before. */
const SHORT = 7;
const LEANS =
  /^\W*(?:and|also|but|or|then|instead|again|more|less|what about|how about|(?:the |that |this )?(?:first|second|third|fourth|last|other|next|previous) (?:one|thing|point|item)|(?:that|this|those|these) one|in|as|with|without|for)\b|\b(?:(?<!\bis )it|that|this|them|those|these)\W*$/i;
/** How orders begin that name no known task. */
const ORDERS =
  /^\W*(?:please\s+)?(?:tell|ask|give|show|find|make|help|let|look|search|check|get|put|set|turn|add|start|open|run|try|stop|change|take|bring|read|solve|choose|pick|name|think|inform|notify|message|post|send|pass|forward|invite|pay|ring|text|ping|cancel|move|postpone|delete|remove|upload|download|install|print|scan)\b(?!\s+(?:is|are|was|were|has|have|had|will|works?|costs?)\b)/i;
const WISH = /^\s*(?:i(?:'d|’d| would)? (?:need|want|like|love|wish)|we (?:need|want)|let me)\b/i;

/** A statement to an agent that reads memory is kept when the turn settles, by the same rule; so it may be said. */
export function taken(step: AgentStep): Decision | undefined {
  const { agent, ask, history } = step;
  if (!agent.reads.includes("memory") || !isStatement(ask.words)) return undefined;
  if (WISH.test(ask.words) || ORDERS.test(ask.words) || verbIn(ask.words) !== undefined) return undefined;
  if (history.at(-1)?.reply?.kind === "clarify") return undefined;
  if (words(ask.words).length > PASTED) return undefined;
  const told = history.some(({ author, text }) => author.kind === "agent" && text.includes("“remember that …”"));
  return answer(
    told
      ? "Noted. I can find it again when you ask."
      : "Noted. I keep what you tell me and can find it again; “remember that …” makes it a note that you can list.",
  );
}

/** "I need some help" says that something is wanted, and not yet what. */
export function vague({ ask }: AgentStep): Decision | undefined {
  if (!isVague(ask.words)) return undefined;
  return clarify("What is it about? Tell me in a sentence what you would like to have done.");
}

export function openEnd(step: AgentStep): Decision {
  const { ask, agent } = step;
  const verb = verbIn(ask.words);
  if (verb !== undefined && isDeed(verb)) {
    return fail(
      "cannot",
      "I cannot do that: I work with figures, texts and what you tell me, and act on nothing outside.",
    );
  }
  if (verb !== undefined || translates(ask.words.slice(0, 300))) return direct(step) ?? needsModel(step);
  if (leansBack(step)) {
    return fail(
      "needs_model",
      "I cannot go on from what was said before without a language model. Please write the whole request once more.",
    );
  }
  const there = direct(step);
  if (there) return there;
  if (words(ask.words).length > PASTED) return pasted(ask.words);
  if (asksSomething(ask.words)) return agent.tools.length > 0 && !step.recalled ? outOfScope(step) : unknown(step);
  if (WISH.test(ask.words) || ORDERS.test(ask.words)) return needsModel(step);
  return agent.tools.length > 0 && !step.recalled ? outOfScope(step) : notUnderstood(ask.words);
}

function isVague(request: string): boolean {
  const said = terms(request);
  return words(request).length > 1 && said.length > 0 && said.every((term) => VAGUE.has(term));
}

function leansBack({ ask, history }: AgentStep): boolean {
  return history.length > 0 && words(ask.words).length <= SHORT && LEANS.test(ask.words);
}

/** A specialist that found nothing of its own in the words. */
function outOfScope({ agent, ask }: AgentStep): Decision {
  if (isStatement(ask.words)) {
    const reason = `This reached the ${agent.name}, who keeps nothing. Begin with “remember that …” to have it kept.`;
    return fail("cannot", reason);
  }
  const examples = agent.skills
    .flatMap((skill) => skill.examples.find((text) => text.length <= 60 && !text.includes("\n")) ?? [])
    .slice(0, 2)
    .map((example) => `“${example}”`);
  return fail(
    "cannot",
    `I am the ${agent.name}, and I could not read in this what to work on. Ask me, for instance, ${examples.join(" or ")}.`,
  );
}

function pasted(text: string): Decision {
  const count = words(text).length.toLocaleString("en");
  return answer(
    `That is a text of ${count} words. What shall I do with it? Say “summarise it”, “shorten it”, “proofread it” or “check its tone”.`,
  );
}

function notUnderstood(said: string): Decision {
  const shown = clip(said.replace(/[\s`]+/g, " ").trim(), 60);
  const what = /[\p{L}\p{N}]/u.test(shown) ? `“${shown}”` : "that";
  return fail("cannot", `I did not understand ${what}. \`/help\` shows what I can do.`);
}
