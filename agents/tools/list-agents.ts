/** The agents that this person may meet, and what each is for. Granted to the concierge. */
import { z } from "zod";
import { defineTool } from "#core";

export default defineTool({
  name: "list_agents",
  description:
    "Lists the agents on call with what each is for and an example of what to ask it. Use it when someone asks what Nova can do, who is there, or which agent to use.",
  examples: [
    "what can you do",
    "which agents are there",
    "who can help me with figures",
    "list the specialists",
    "what should I ask you",
  ],
  input: z.object({}),
  timeoutMs: 1_000,
  async run(_, { roster }) {
    return roster
      .map((agent) => `- \`@${agent.id}\` (${agent.name}): ${agent.purpose} For instance: “${example(agent.skills)}”`)
      .join("\n");
  },
});

/** One line of an example: pasted tables belong to routing, not to a list. */
function example(skills: readonly { readonly examples: readonly string[] }[]): string {
  const [first = ""] = skills[0]?.examples ?? [];
  return first.split("\n", 1)[0] ?? first;
}
