/** What the offline model does with a step, in order: quote results, talk, work on texts, ask tools, quote memory. */
import type { BaseMessage } from "@langchain/core/messages";
import { isQuestion, type AgentSpec, type AgentStep } from "#core";
import { fillArguments } from "./arguments.ts";
import { clarify, type Decision } from "./decision.ts";
import { aboutNova, direct, smallTalk } from "./introduction.ts";
import { workOnText } from "./language.ts";
import { needsModel } from "./needs-model.ts";
import { answerFromMemory } from "./recall-answer.ts";
import { answerFromTools, resultsAfter } from "./tool-answer.ts";
import { chooseTool } from "./tool-choice.ts";

export type { Decision } from "./decision.ts";

export function decide(step: AgentStep, messages: readonly BaseMessage[]): Decision {
  const results = resultsAfter(messages, step.ask.words);
  if (results.length > 0) return answerFromTools(results);
  return (
    smallTalk(step) ??
    workOnText(step) ??
    rememberedAnswer(step) ??
    askTool(step) ??
    aboutNova(step) ??
    fromMemory(step) ??
    unsettled(step)
  );
}

/** What memory answers outright needs no tool. */
function rememberedAnswer(step: AgentStep): Decision | undefined {
  const { recalled, ask } = step;
  if (recalled?.verdict !== "answer" || !isQuestion(ask.words)) return undefined;
  const tool = chooseTool(step);
  return tool && tool.score > recalled.confidence ? undefined : answerFromMemory(step, recalled);
}

function askTool(step: AgentStep): Decision | undefined {
  const chosen = chooseTool(step);
  if (!chosen) return undefined;
  const filled = fillArguments(chosen.tool, step.ask.words);
  if (filled.kind === "filled" && step.recalled && repeatsRecall(filled.args, step)) {
    return answerFromMemory(step, step.recalled);
  }
  if (filled.kind === "filled") return { kind: "call", calls: [{ tool: chosen.tool.name, args: filled.args }] };
  const described = filled.description ? ` (${filled.description.replace(/\.$/, "")})` : "";
  return clarify(`For this I need one thing more: ${filled.field.replaceAll("_", " ")}${described}. What is it?`);
}

/** Recall was asked with the person's very words already. */
function repeatsRecall(args: Readonly<Record<string, unknown>>, { ask }: AgentStep): boolean {
  return Object.keys(args).length === 1 && args["query"] === ask.words.trim();
}

function fromMemory(step: AgentStep): Decision | undefined {
  const { recalled, ask } = step;
  if (!recalled || (recalled.verdict !== "answer" && !isQuestion(ask.words))) return undefined;
  return answerFromMemory(step, recalled);
}

function unsettled(step: AgentStep): Decision {
  return (isGeneral(step.agent) ? direct(step) : undefined) ?? needsModel(step);
}

/** General agents stand at the door: what they cannot do themselves they pass on by name. */
const isGeneral = ({ domain }: AgentSpec): boolean => domain === "general";
