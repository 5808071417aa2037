/** What the tests of this room build again and again: an agent, a step, a witness that remembers. */
import { z } from "zod";
import {
  agentFrontMatter,
  agentId,
  conversationId,
  defineTool,
  itemId,
  messageId,
  personId,
  systemClock,
  tenantId,
  turnId,
  type AgentCode,
  type AgentFrontMatter,
  type AgentSpec,
  type AgentStep,
  type Log,
  type Message,
  type Recalled,
  type RecalledItem,
  type ReplyNote,
  type StepOutcome,
  type StepWitness,
  type ToolDefinition,
  type TraceEvent,
} from "../../src/core/index.ts";
import type { ChatModels } from "../../src/langchain/models/chat-models.ts";
import type { Purse } from "../../src/langchain/call/costs.ts";
import { createStepRunner } from "../../src/langchain/step-runner.ts";

const NOW = new Date("2026-11-20T10:00:00Z");
export const ANA = { id: personId("1"), tenant: tenantId("home"), name: "Ana", role: "owner" as const };

type SpecInput = Partial<Omit<AgentSpec, "id">> & { readonly id?: string };

export function agent({
  id = "tester",
  domain = "general",
  prompt = "You are a tester.",
  ...front
}: SpecInput = {}): AgentSpec {
  const matter: z.input<typeof agentFrontMatter> = {
    name: id,
    purpose: `The purpose of ${id}.`,
    useWhen: `something for ${id} comes up.`,
    notFor: "anything else.",
    skills: [
      skill("work", "Works on things.", ["do the work", "work on this", "please work", "get to work", "more work"]),
    ],
    trust: "T1",
    visibility: "guest",
    failureModes: [{ what: "fails", detect: "code", fallback: "words" }],
    golden: [{ input: "work", route: id }],
  };
  return { ...agentFrontMatter.parse(matter), ...front, id: agentId(id), domain, prompt };
}

export const skill = (name: string, description: string, examples: string[]): AgentFrontMatter["skills"][number] => ({
  name,
  description,
  examples,
});

export type StepInput = {
  readonly agent?: AgentSpec;
  readonly tools?: readonly ToolDefinition[];
  readonly recalled?: Recalled;
  readonly history?: readonly Message[];
  readonly roster?: readonly AgentSpec[];
  /** The name of the endpoint that the words came in by, when they came from outside. */
  readonly outside?: string;
};

export function step(words: string, input: StepInput = {}): AgentStep {
  const from = { origin: input.outside ? "outside" : ANA.role, entrance: input.outside ?? "local" } as const;
  const ask = { turn: turnId("7"), person: ANA, words, ...from, now: NOW, message: messageId("70") };
  const tools = input.tools ?? [];
  const base = input.agent ?? agent();
  const spec = { ...base, tools: base.tools.length > 0 ? base.tools : tools.map(({ name }) => name) };
  const unused = async () => {
    throw new Error("no port is expected to be used here");
  };
  return {
    agent: spec,
    ask,
    where: { project: null, branch: null },
    history: input.history ?? [],
    recalled: input.recalled,
    tools,
    effects: [],
    colleagues: [],
    before: [],
    taints: [],
    left: spec.budget,
    context: {
      ask,
      recall: { recall: unused, newest: unused, get: unused },
      operations: { report: unused, turn: unused, recent: unused },
      agenda: { list: unused, rhythm: unused },
      projects: unused,
      roster: input.roster ?? [spec],
      clock: systemClock,
    },
  };
}

export const said = (text: string, note?: ReplyNote["kind"]): Message => ({
  id: messageId("1"),
  conversation: conversationId("1"),
  author: note ? { kind: "agent", agent: agentId("tester") } : { kind: "person", person: ANA.id, name: "Ana" },
  text,
  at: NOW,
  turn: null,
  reply: note ? { kind: note, model: "offline" } : null,
});

export function recalled(verdict: Recalled["verdict"], ...items: readonly Partial<RecalledItem>[]): Recalled {
  return {
    verdict,
    confidence: verdict === "answer" ? 0.9 : verdict === "weak" ? 0.4 : 0,
    tokens: 10,
    items: items.map((item, index) => ({
      id: itemId(String(12 + index)),
      kind: "note",
      text: "the lease ends in May",
      author: "Ana",
      trust: "owner",
      at: new Date("2026-11-20T09:00:00Z"),
      person: ANA.id,
      score: 1 - index / 2,
      why: { lex: 1, subject: 0, time: 0, length: 0, penalty: 0 },
      matched: [],
      cut: false,
      ...item,
    })),
  };
}

/** Counts its runs and answers in capitals. */
export function shout(run?: (text: string, signal: AbortSignal) => Promise<string>) {
  const ran: string[] = [];
  const tool = defineTool({
    name: "shout",
    description: "Says a word loudly.",
    examples: ["shout hello"],
    input: z.strictObject({ text: z.string() }),
    timeoutMs: 200,
    async run({ text }, { signal }) {
      ran.push(text);
      return run ? run(text, signal) : text.toUpperCase();
    },
  });
  return { tool: tool as ToolDefinition, ran };
}

export type Seen = { readonly drafts: string[]; readonly statuses: string[]; readonly events: TraceEvent[] };

function witness(also: RunOptions["seen"]): StepWitness & Seen {
  const drafts: string[] = [];
  const statuses: string[] = [];
  const events = also?.events ?? [];
  return {
    drafts,
    statuses,
    events,
    draft(text) {
      drafts.push(text);
      also?.draft(text);
    },
    status: (line) => void statuses.push(line),
    trace: (event) => void events.push(event),
  };
}

export type Ran = Seen & { readonly outcome: StepOutcome; readonly logged: readonly string[] };

export type RunOptions = {
  readonly code?: AgentCode;
  readonly signal?: AbortSignal;
  readonly purse?: Purse;
  readonly noticeMs?: number;
  /** Where events are noted, for a run that does not come to its end, and what is done at a draft. */
  readonly seen?: { readonly events: TraceEvent[]; readonly draft: (text: string) => void };
};

/** Runs a step to its end; between tries it waits for some milliseconds only. */
export async function run(models: ChatModels, asked: AgentStep, options: RunOptions = {}): Promise<Ran> {
  const logged: string[] = [];
  const runner = createStepRunner({
    models,
    code: () => options.code,
    clock: systemClock,
    log: memoryLog(logged),
    purse: options.purse,
    pace: { firstPauseMs: 2, longestPauseMs: 4, noticeMs: options.noticeMs ?? 60_000 },
  });
  const seen = witness(options.seen);
  const outcome = await runner.run(asked, seen, options.signal ?? new AbortController().signal);
  return { outcome, logged, ...seen };
}

function memoryLog(lines: string[]): Log {
  const keep = (event: string, fields: unknown = {}) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  return {
    debug: (event, fields) => keep(`debug: ${event}`, fields),
    info: keep,
    warn: keep,
    error: (event, _error, fields) => keep(event, fields),
  };
}
