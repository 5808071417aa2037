/** Agents and effects for trials: a clerk that proposes exactly what it is told, and verbs of every stakes. For effect tests. */
import { openTrial, type Trial } from "../contract/trial-folder.ts";

/**
 * `@clerk send Ben: hello; send Cyd: hi` proposes two effects. The verbs are `send` (S2), `note` (S1, done and told) and
 * `pay` (S3, typed).
 */
export async function openClerks(): Promise<Trial> {
  const trial = await openTrial();
  await trial.write("agents/effects/trial_send.ts", effect("trial_send", "S2"));
  await trial.write("agents/effects/trial_note.ts", effect("trial_note", "S1"));
  await trial.write("agents/effects/trial_pay.ts", effect("trial_pay", "S3"));
  await trial.write("agents/general/clerk.md", CLERK);
  await trial.write("agents/general/clerk.ts", CODE);
  return trial;
}

const effect = (verb: string, stakes: string): string => `
import { z } from "zod";
import { defineEffect } from "#core";
export default defineEffect({
  verb: "${verb}",
  description: "Brings a text to a target, for trials.",
  examples: ["${verb} one", "${verb} two", "${verb} three"],
  input: z.object({ target: z.string().min(1).max(40).describe("Where to."), text: z.string().min(1).max(2000).describe("What.") }),
  stakes: "${stakes}",
  undo: ${stakes === "S1" ? '"take it out again"' : "null"},
  ${stakes === "S3" ? "typed: (args) => String(args.target)," : ""}
  async bind({ target, text }) {
    if (text === "nonsense") return { kind: "refused", reason: "Nonsense is not brought." };
    return { kind: "bound", args: { target: target.toLowerCase(), text }, destinations: [target] };
  },
  title: ({ target }) => "Bring it to " + target,
  card: ({ target, text }) => [
    { label: "To", value: String(target) },
    { label: "Text", value: String(text), field: "text" },
  ],
});
`;

const examples = Array.from({ length: 15 }, (_, i) => `      - trial clerk errand number ${i + 1}`).join("\n");

const CLERK = `---
name: Clerk
purpose: Proposes what it is told, for trials.
useWhen: A trial needs a proposal.
notFor: Anything else.
skills:
  - name: errands
    description: Proposes errands
    examples:
${examples}
trust: T3
effects:
  - verb: trial_send
  - verb: trial_note
    trust: T4
  - verb: trial_pay
approval:
  hours: 10
visibility: guest
failureModes:
  - what: It is told nothing
    detect: No verb is found
    fallback: It says so
golden:
  - input: trial clerk errand number 1
    route: clerk
---
You propose what you are told, and nothing else. You never decide whether something is done: that is for people. What is
not an errand you leave to others. You say in one sentence what you would do, and name the target and the text as they were
given to you, word by word, without adding to them or leaving anything out.
`;

const CODE = `
import { defineAgentCode } from "#core";
export default defineAgentCode({
  async before({ ask }) {
    const effects = [...ask.words.matchAll(/\\b(send|note|pay) (\\w+): ([^;]+)/g)].map(([, verb, target, text]) => ({
      verb: "trial_" + verb,
      input: { target, text: text.trim() },
    }));
    if (effects.length === 0) return { reply: { kind: "answer", text: "There is nothing to do." } };
    return { reply: { kind: "propose", text: "I would do this.", effects } };
  },
});
`;
