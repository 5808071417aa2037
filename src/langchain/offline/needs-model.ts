/** The honest end of rules: what is not done, why, and how to get it done. */
import { clip, type AgentStep } from "#core";
import { fail, type Decision } from "./decision.ts";

const HOW =
  "To add one, set `OPENAI_API_KEY` (or `OPENAI_BASE_URL` for a server of your own) and `NOVA_MODEL`, and restart Nova. If they are set, the model's server did not answer this time; try again later.";

/** `possible` names what does work without a model. */
export function needsModel({ agent, recalled }: AgentStep, task?: string, possible: readonly string[] = []): Decision {
  const what = task ? `“${clip(task.replace(/\.$/, ""), 160)}” is` : "An open request like this is";
  const instead = possible.length > 0 ? ` Without one, ${agent.name} can do this: ${possible.join(", ")}.` : "";
  const unknown = recalled?.verdict === "none" ? "I have nothing stored about this. " : "";
  return fail("needs_model", `${unknown}${what} work for a language model, and none is at hand. ${HOW}${instead}`);
}
