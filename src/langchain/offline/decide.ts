/** What the offline model does with a step, in order: quote results, talk, work on texts, ask tools, quote memory, say so. */
import type { BaseMessage } from "@langchain/core/messages";
import type { AgentStep } from "#core";
import { fromAnswer } from "./answered.ts";
import { fillArguments } from "./arguments.ts";
import { asksSomething } from "./asking.ts";
import type { Decision } from "./decision.ts";
import { aboutNova, smallTalk, speaksForNova } from "./introduction.ts";
import { askForEffect } from "./effect-choice.ts";
import { workOnText } from "./language.ts";
import { askFor } from "./missing.ts";
import { openEnd, taken, vague } from "./open-end.ts";
import { answerFromMemory } from "./recall-answer.ts";
import { askedIn, askSeveral } from "./several.ts";
import { answerFromTools, resultsAfter } from "./tool-answer.ts";
import { rankTools } from "./tool-choice.ts";

export type { Decision } from "./decision.ts";

export function decide(step: AgentStep, messages: readonly BaseMessage[]): Decision {
  const results = resultsAfter(messages, step.ask.words);
  if (results.length > 0) return answerFromTools(results, askedIn(step));
  // Words from outside are no talk: who works on texts works on them, and nobody there could answer a question.
  const outside = step.ask.origin === "outside" ? workOnText(step) : undefined;
  return (
    outside ??
    fromAnswer(step) ??
    smallTalk(step) ??
    workOnText(step) ??
    askSeveral(step) ??
    rememberedAnswer(step) ??
    aboutNova(step) ??
    vague(step) ??
    taken(step) ??
    askForEffect(step) ??
    askTool(step) ??
    fromMemory(step) ??
    openEnd(step)
  );
}

/** What memory answers outright needs no tool. */
function rememberedAnswer(step: AgentStep): Decision | undefined {
  const { recalled, ask } = step;
  if (recalled?.verdict !== "answer" || !asksSomething(ask.words)) return undefined;
  const [tool] = rankTools(step);
  return tool && tool.score > recalled.confidence ? undefined : answerFromMemory(step, recalled);
}

/** The best tool whose arguments stand in the message; when none has them all, the best one's are asked for. */
function askTool(step: AgentStep): Decision | undefined {
  const tries = rankTools(step).map(({ tool }) => ({ tool, filled: fillArguments(tool, step.ask.words) }));
  for (const { tool, filled } of tries) {
    if (filled.kind === "missing") continue;
    if (step.recalled?.items.length && repeatsRecall(filled.args, step)) return answerFromMemory(step, step.recalled);
    return { kind: "call", calls: [{ tool: tool.name, args: filled.args }] };
  }
  const [first] = tries;
  if (first?.filled.kind !== "missing") return undefined;
  return askFor(first.filled.field, { tool: first.tool });
}

/** Recall was asked with the person's very words already. */
function repeatsRecall(args: Readonly<Record<string, unknown>>, { ask }: AgentStep): boolean {
  return Object.keys(args).length === 1 && args["query"] === ask.words.trim();
}

/** The command `/recall`, or the same in words. */
const RECALLS = /^\s*\/?recall\b/i;

function fromMemory(step: AgentStep): Decision | undefined {
  const { recalled, ask, agent } = step;
  const asks = asksSomething(ask.words) || RECALLS.test(ask.words);
  if (!recalled || (recalled.verdict !== "answer" && !asks)) return undefined;
  // At the door a question may be about anything; elsewhere it was put to the memory.
  if (recalled.verdict === "none" && speaksForNova(agent)) return undefined;
  return answerFromMemory(step, recalled);
}
