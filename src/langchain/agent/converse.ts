/** One agent's conversation with its model: run, read the reply, repair it once. Called by the step runner. */
import type { BaseMessage } from "@langchain/core/messages";
import type { AgentCode, Breach, Reply } from "#core";
import { fallToOffline } from "./chain.ts";
import { failReply } from "../fault.ts";
import { answer } from "./model-guard.ts";
import { promptMessages, repairMessage, systemPrompt } from "./prompt.ts";
import { read, type Reading } from "./reading.ts";
import { useTools } from "./rounds.ts";
import type { Run } from "./run.ts";
import { guardToolCalls } from "./tool-guard.ts";
import { describeTool } from "./tools.ts";

export type Converse = {
  readonly check: AgentCode["check"];
  /** A fresh delimiter for quoted data. */
  readonly mark: () => string;
};

export async function converse(run: Run, { check, mark }: Converse): Promise<Reply> {
  const system = systemPrompt(run.step);
  const tools = run.step.tools.map(describeTool);
  const guard = guardToolCalls(run);
  const ask = async (messages: readonly BaseMessage[]): Promise<readonly BaseMessage[]> => {
    const request = { systemPrompt: system, messages, tools };
    const message = await answer(run, request);
    // LangChain's graph costs more than the call; it is needed for nothing but tools.
    if (!message.tool_calls?.length) return [...messages, message];
    return useTools(run, { request, wanting: message, guard });
  };
  const prompt = promptMessages(run.step, mark);

  const first = await ask(prompt);
  const reading = read(run, first, check);
  if (reading.kind === "reply") return reading.reply;
  if (reading.kind === "doubted" && !mayMend(run)) return doubt(run, reading);

  const issues = reading.kind === "doubted" ? reading.breaches : reading.issues;
  run.witness.trace({ kind: "repaired", issues: issues.map(({ code }) => code) });
  run.show("");
  const second = read(run, await ask([...first, repairMessage(issues.map(({ message }) => message))]), check);
  if (second.kind === "reply") {
    if (reading.kind === "doubted") mend(run, reading.breaches);
    return second.reply;
  }
  if (second.kind === "doubted") return doubt(run, second);
  // A repair that came out worse than the answer mends nothing.
  if (reading.kind === "doubted") return doubt(run, reading);

  run.show("");
  return giveUp(run, second.last, async () => read(run, await ask(prompt), check));
}

/** Rules say the same again, and who has no call or hardly any time left would have no answer at all. */
const mayMend = (run: Run): boolean =>
  run.speaker.circuit !== undefined &&
  run.spent.modelCalls < run.step.left.modelCalls &&
  run.left() > run.step.agent.timeoutMs / 4;

function mend(run: Run, breaches: readonly Breach[]): void {
  const codes = [...new Set(breaches.map(({ code }) => code))];
  run.mended.push(...codes);
  run.witness.trace({ kind: "checked", breaches: codes, outcome: "mended" });
}

/** The answer as it is: the turn says what of it has no ground, or fails it. */
function doubt(run: Run, { reply, breaches }: Extract<Reading, { kind: "doubted" }>): Reply {
  run.breaches.push(...breaches);
  return reply;
}

const TWICE =
  "The model's answer could not be used, twice in a row. Try it in other words; if it goes on, another NOVA_MODEL may do better.";
/** Rules answer where no model is set, or where its server is away. */
const BY_RULE =
  "I could not put an answer together that I can stand by. Try it in other words, or one thing at a time.";

/** What the agent's file asks for when its model could not give a sound reply. */
async function giveUp(run: Run, last: Reply, offline: () => Promise<Reading>): Promise<Reply> {
  const { onFailure } = run.step.agent;
  // The turn refuses it, and does what the file asks for then.
  if (last.kind === "handoff") return last;
  const unreadable = last.kind === "fail" && last.code === "invalid_reply";
  // No question: what is said next would be read as its answer.
  if (onFailure === "clarify" && unreadable) return failReply("invalid_reply", run.speaker.circuit ? TWICE : BY_RULE);
  if (onFailure !== "fallback" || !run.speaker.circuit) return last;
  const { speaker } = run;
  fallToOffline(run);
  const reading = await offline();
  if (reading.kind === "reply") return reading.reply;
  if (reading.kind === "doubted") return doubt(run, reading);
  // What the person reads then is the model's own failure: nobody stood in for it.
  run.fallen.pop();
  run.speaker = speaker;
  return last;
}
