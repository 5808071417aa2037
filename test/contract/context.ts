/** What a tool or an agent's code is given, made of plain values. Used by the contract suites. */
import {
  HOME,
  itemId,
  messageId,
  personId,
  scheduleId,
  turnId,
  type Agenda,
  type AgentSpec,
  type AgentStep,
  type MemoryChange,
  type MemoryItem,
  type Operations,
  type Person,
  type Recall,
  type Recalled,
  type ToolContext,
  type TurnSummary,
} from "#core";

export const NOW = new Date("2026-11-21T10:00:00Z");
export const ANA: Person = { id: personId("1"), tenant: HOME, name: "Ana", role: "owner" };

export function item(id: string, text: string, more: Partial<MemoryItem> = {}): MemoryItem {
  const base = { kind: "note", author: "Ana", trust: "owner", at: NOW, person: ANA.id } as const;
  return { id: itemId(id), text, ...base, ...more };
}

/** Memory that holds these items and finds those that share a word with the query. */
function recallOver(items: readonly MemoryItem[]): Recall {
  const wordsOf = (text: string) => new Set(text.toLowerCase().match(/\p{L}{3,}/gu) ?? []);
  return {
    async recall({ query, limit = 8 }): Promise<Recalled> {
      const asked = wordsOf(query);
      const found = items
        .map((each) => ({ each, matched: [...wordsOf(each.text)].filter((word) => asked.has(word)) }))
        .filter(({ matched }) => matched.length > 0)
        .toSorted((a, b) => b.matched.length - a.matched.length)
        .slice(0, limit)
        .map(({ each, matched }) => ({ ...each, matched, score: matched.length, cut: false, why: NO_FEATURES }));
      return {
        items: found,
        tokens: 10,
        confidence: found.length ? 0.9 : 0,
        verdict: found.length ? "answer" : "none",
      };
    },
    newest: async (limit, kinds) => items.filter(({ kind }) => kinds?.includes(kind) ?? true).slice(0, limit),
    get: async (id) => items.find((each) => each.id === id),
  };
}

const NO_FEATURES = { lex: 1, subject: 0, time: 0, length: 0, penalty: 0 };

const SUMMARY: TurnSummary = {
  turn: turnId("12"),
  state: "failed",
  startedAt: new Date("2026-11-21T09:00:00Z"),
  endedAt: new Date("2026-11-21T09:00:04Z"),
  agent: "analyst",
  model: "offline",
  conversation: "3",
  platform: "web",
  person: "1",
};

const OPERATIONS: Operations = {
  report: async (since) => ({
    since,
    turns: { done: 40, failed: 2, cancelled: 1, running: 0 },
    waitingMessages: 0,
    undeliveredParts: 1,
    unknownParts: 1,
    failedParts: 0,
    latency: { p50: 800, p95: 4_200 },
    byAgent: [{ agent: "analyst", turns: 20, failed: 2, tokens: 900 }],
    spent: { calls: 31, tokens: { input: 61_200, output: 4_300 }, micros: 119_500, unpriced: 2 },
    failures: [{ code: "timeout", count: 2 }],
  }),
  turn: async (id) =>
    id === SUMMARY.turn
      ? {
          summary: SUMMARY,
          events: [
            { seq: 1, at: SUMMARY.startedAt, epoch: 1, event: { kind: "taken", messages: ["5"], epoch: 1 } },
            { seq: 2, at: NOW, epoch: 1, event: { kind: "failed", where: "step", error: "timeout" } },
          ],
        }
      : undefined,
  recent: async (limit) => [SUMMARY].slice(0, limit),
};

const SCHEDULE = {
  person: ANA,
  wording: "person",
  project: null,
  address: null,
  urgent: false,
  state: "active",
  because: null,
  nextAt: new Date(NOW.getTime() + 86_400_000),
  createdAt: NOW,
  failures: 0,
} as const;

/** A person who has one reminder and one schedule. */
export const AGENDA: Agenda = {
  list: async () => [
    {
      ...SCHEDULE,
      id: scheduleId("1"),
      name: "call Ann",
      does: "remind",
      words: "call Ann and Ben",
      when: { kind: "at", at: new Date(NOW.getTime() + 86_400_000) },
    },
    {
      ...SCHEDULE,
      id: scheduleId("2"),
      name: "printer project",
      does: "ask",
      words: "what is open in the printer project?",
      when: { kind: "cron", cron: "0 8 * * 1", zone: "Europe/Berlin" },
    },
  ],
  rhythm: async () => ({ zone: "Europe/Berlin", own: true, quiet: null }),
};

export type Scene = {
  readonly words: string;
  readonly items?: readonly MemoryItem[];
  readonly roster?: readonly AgentSpec[];
};

export function toolContext({ words, items = [], roster = [] }: Scene): ToolContext & { staged: MemoryChange[] } {
  const staged: MemoryChange[] = [];
  return {
    ask: {
      turn: turnId("1"),
      person: ANA,
      words,
      origin: "owner",
      entrance: "local",
      now: NOW,
      message: messageId("1"),
    },
    recall: recallOver(items),
    operations: OPERATIONS,
    agenda: AGENDA,
    projects: async () => ({ names: ["Atlas", "Printer"], here: null }),
    roster,
    clock: { now: () => NOW },
    stage: (change) => void staged.push(change),
    signal: new AbortController().signal,
    staged,
  };
}

export function agentStep(agent: AgentSpec, scene: Scene): AgentStep {
  const { ask, recall, operations, agenda, projects, roster, clock } = toolContext(scene);
  return {
    agent,
    ask,
    where: { project: null, branch: null },
    history: [],
    recalled: undefined,
    tools: [],
    effects: [],
    colleagues: [],
    before: [],
    taints: [],
    left: agent.budget,
    context: { ask, recall, operations, agenda, projects, roster, clock },
  };
}
