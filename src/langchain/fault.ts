/** Why a step ended without an answer. Thrown inside a run; the step runner turns it into a `fail` reply. */
import type { FailCode, Reply } from "#core";

export class StepFault extends Error {
  override readonly name = "StepFault";
  readonly code: FailCode;

  constructor(code: FailCode, options?: { cause?: unknown }) {
    super(code, options);
    this.code = code;
  }
}

/** Fixed words: nothing of a model, a provider or a tool is repeated to the person. */
const REASONS: Readonly<Record<FailCode, string>> = {
  cannot: "I cannot do this.",
  not_found: "I found nothing about this.",
  needs_model: "This needs a language model, and none is configured.",
  invalid_reply:
    "The model did not give an answer in the agreed form, twice. Please ask again, perhaps in other words.",
  empty: "The model returned no text, twice. Please ask again.",
  truncated:
    "The answer was longer than the model may write, twice, so there is none. Ask for less at once, or for a shorter answer.",
  refusal: "The model declined to answer this.",
  timeout: "This took too long, so I stopped. Ask again, or ask for less at once.",
  stalled:
    "The model stopped sending text, so I stopped waiting. Nothing of the unfinished answer was kept; please ask again.",
  budget: "This reached its limit of model calls or tokens before there was an answer. Ask for less at once.",
  loop: "I kept repeating the same look-up without getting further, so I stopped. Ask in other words.",
  denied: "I tried to use a tool that I am not allowed to use, so I stopped. Nothing was changed.",
  bad_tool_call: "The model could not put its tool call into the right form, twice. Please ask again.",
  tool_failed: "A tool that this needs failed. Please try again later.",
  model_failed:
    "The connection to the model broke off in the middle of the answer. Nothing of the unfinished answer was kept; please ask again.",
  handoff: "This was to go to another agent and could not. Ask in other words, or begin with `@` and the agent's name.",
  internal: "Something went wrong inside Nova. The log holds the details.",
};

export function failReply(code: FailCode, reason: string = REASONS[code]): Reply {
  return { kind: "fail", code, reason };
}

/** Finds a StepFault at the error itself or along its causes: LangChain wraps what middleware throws. */
export function stepFaultIn(error: unknown): StepFault | undefined {
  for (let e: unknown = error; e instanceof Error; e = e.cause) if (e instanceof StepFault) return e;
  return undefined;
}
