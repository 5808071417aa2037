/** Puts what somebody answers to the offline model's own question together with what they had asked for. Called by decide.ts. */
import { leaves, type AgentStep } from "#core";
import { fillArguments } from "./arguments.ts";
import { asksSomething } from "./asking.ts";
import { answer, type Decision } from "./decision.ts";
import { effectsFor, proposal } from "./effect-choice.ts";
import { leftOpen } from "./left-open.ts";
import { askFor, notRead, questionFor, type Wanting } from "./missing.ts";
import { rankTools } from "./tool-choice.ts";

/** A question, and what was said to it. */
type Answered = { readonly question: string; readonly words: string };

type Open = Wanting & {
  /** What was asked for, and what was answered since, each to a question of ours. */
  readonly first: string;
  readonly answers: readonly (Answered & { readonly field: string })[];
  readonly act: (args: Readonly<Record<string, unknown>>) => Decision;
};

/** Undefined when nothing was asked, when something else is asked now, and when the words say it all by themselves. */
export function fromAnswer(step: AgentStep): Decision | undefined {
  const { ask } = step;
  const words = ask.own ?? ask.words;
  if (ask.origin === "outside" || asksSomething(words)) return undefined;
  const open = openIn(step, words);
  if (!open || candidatesFor(step, words).some(({ tool, how }) => fillArguments(tool, words, how).kind === "filled"))
    return undefined;
  const last = open.answers.at(-1);
  // Something waits to be done with the answer, so that "nothing" is none.
  if (leaves(words, last?.question, { acts: true })) return answer("All right: nothing was done.");
  const filled = fillArguments(open.tool, together(open), open.how);
  if (filled.kind === "filled") return open.act(filled.args);
  return filled.field === last?.field ? notRead(filled.field, open) : askFor(filled.field, open);
}

/** What could be meant by these words, effects first, as they are looked for. */
function candidatesFor(step: AgentStep, words: string): readonly Omit<Open, "first" | "answers">[] {
  const asked = { ...step, ask: { ...step.ask, words, own: words } };
  return [
    ...effectsFor(asked).map((tool) => ({
      tool,
      how: "literally" as const,
      act: (args: object) => proposal(tool, args),
    })),
    ...rankTools(asked).map(({ tool }) => ({
      tool,
      act: (args: object): Decision => ({ kind: "call", calls: [{ tool: tool.name, args }] }),
    })),
  ];
}

/** Goes back over questions of ours and this person's answers, to what began it. */
function openIn(step: AgentStep, words: string): Open | undefined {
  const answers: Answered[] = [];
  let said = words;
  let found: Open | undefined;
  for (const { question, about } of leftOpen(step)) {
    answers.unshift({ question, words: said });
    said = about;
    const open = candidatesFor(step, said).find((each) => asks(question, each));
    const whole = open && named(answers, open);
    // An answer may look like a request itself: what is asked about further back began it.
    if (open && whole) found = { ...open, first: said, answers: whole };
  }
  return found;
}

const fieldIn = (question: string, { tool }: Wanting): string | undefined =>
  Object.keys(tool.input.shape).find((field) => question.includes(questionFor(field)));
const asks = (question: string, wanting: Wanting): boolean => fieldIn(question, wanting) !== undefined;

function named(answers: readonly Answered[], wanting: Wanting): Open["answers"] | undefined {
  const fields = answers.map((each) => ({ ...each, field: fieldIn(each.question, wanting) ?? "" }));
  return fields.every(({ field }) => field !== "") ? fields : undefined;
}

/** As if it had been one message: what is not found as it stands is what the question was about, word by word. */
const together = ({ tool, how, first, answers }: Open): string =>
  answers.reduce((said, { field, words }) => {
    const plain = `${said}\n${words}`;
    const filled = fillArguments(tool, plain, how);
    const isOpen = filled.kind === "missing" && filled.field === field;
    return isOpen ? `${said}\n"${words.replaceAll(/["“”]/g, "").trim()}"` : plain;
  }, first);
