/** Agents made up for trials of the orchestrator, and models that speak as each of them. */
import type { BaseMessage } from "@langchain/core/messages";
import type { Trial } from "../contract/trial-folder.ts";
import type { Line } from "../support/model.ts";

export type TrialAgent = {
  readonly id: string;
  readonly domain?: string;
  /** Whole lines of front matter that come in place of, or beside, the usual ones. */
  readonly front?: Readonly<Record<string, string>>;
  readonly examples?: readonly string[];
};

/** An agent's file, sound in every way, whose prompt begins with its name. */
export async function addAgent(
  trial: Trial,
  { id, domain = "general", front = {}, examples }: TrialAgent,
): Promise<void> {
  const own = examples ?? Array.from({ length: 15 }, (_, i) => `${id} the ${ODDMENTS[i] ?? "thing"} for me`);
  const fields: Record<string, string> = {
    name: id,
    purpose: `Does what ${id} does.`,
    useWhen: `Somebody asks for ${id}.`,
    notFor: "Anything else.",
    reads: "[conversation]",
    trust: "T1",
    visibility: "guest",
    ...front,
  };
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
  const skill = [
    "skills:",
    `  - name: ${id}`,
    "    description: Does it",
    "    examples:",
    ...own.map((e) => `      - ${e}`),
  ];
  const rest = [
    "failureModes:",
    "  - what: it goes wrong",
    "    detect: code",
    "    fallback: plain words",
    "golden:",
    `  - input: "@${id} ${own[0] ?? "do it"}"`,
    `    route: ${id}`,
  ];
  const prompt = `You are the trial agent called ${id}. ${"You do what you are asked and nothing else. ".repeat(5)}`;
  await trial.write(`agents/${domain}/${id}.md`, ["---", ...lines, ...skill, ...rest, "---", prompt, ""].join("\n"));
}

const ODDMENTS = (
  "left lever|right lever|blue lamp|brass bell|old clock|tin drum|paper kite|glass jar|rope ladder|iron gate|" +
  "wooden spoon|silver key|stone wheel|copper pot|velvet curtain"
).split("|");

/** Who is asked: the trial agent whose prompt this is; `nobody` for any other. */
export function askedOf(messages: readonly BaseMessage[]): string {
  return /trial agent called ([a-z-]+)\./.exec(messages[0]?.text ?? "")?.[1] ?? "nobody";
}

/** A line for each agent; what is asked of others is answered in one word. */
export function speaking(
  lines: Readonly<Record<string, Line | ((messages: readonly BaseMessage[]) => Line)>>,
): (messages: readonly BaseMessage[]) => Line {
  return (messages) => lines[askedOf(messages)] ?? JSON.stringify({ kind: "answer", text: "Unasked." });
}

export const handsTo = (to: string, input: unknown = { words: "go on" }): string =>
  JSON.stringify({ kind: "handoff", to, reason: `It is for ${to}.`, input });

export const calls = (...all: readonly { readonly to: string; readonly input: unknown }[]): string =>
  JSON.stringify({ kind: "delegate", calls: all });

/** All that was said in one call, as one string. */
export const seenIn = (messages: readonly BaseMessage[]): string => messages.map(({ text }) => text).join("\n");

export type Event = { readonly kind: string } & Readonly<Record<string, unknown>>;

type Lab = { verb(name: string, input?: unknown): Promise<unknown> };

/** The trace of the last turn, as `nova trace --json` has it. */
export async function lastTrace(lab: Lab): Promise<readonly Event[]> {
  const trace = (await lab.verb("trace", { turn: "last" })) as { events: { event: Event }[] };
  return trace.events.map(({ event }) => event);
}

export const ranIn = (events: readonly Event[]): readonly unknown[] =>
  events.filter(({ kind }) => kind === "step_started").map(({ agent }) => agent);
