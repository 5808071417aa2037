/** The honest end of rules: what is not done, why, and how to get it done. */
import { clip, type AgentStep } from "#core";
import { fail, type Decision } from "./decision.ts";

const HOW =
  "Set `OPENAI_API_KEY`, or `OPENAI_BASE_URL` for a server of your own, and `NOVA_MODEL`, then restart Nova. If they are set already, the model's server did not answer this time: try again.";

export function needsModel({ agent }: Pick<AgentStep, "agent">, task?: string): Decision {
  const what = task ? `This (${lower(clip(task, 160))})` : "An open question like this";
  const can = agent.skills.map(({ description }) => lower(description.replace(/\.$/, ""))).join("; ");
  return fail(
    "needs_model",
    `${what} needs a language model, and none is at hand. ${HOW}${can ? ` Of my skills, some work without one: ${can}.` : ""}`,
  );
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
