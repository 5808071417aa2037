/** One answer in front of the answer check: all that it could rest on, in a few words. Used by the tests of the check. */
import { itemId, conversationId, messageId, type AgentSpec, type Breach, type Message, type RecalledItem } from "#core";
import { checkFor } from "../../src/turn/check/answer-check.ts";
import type { Done } from "../../src/turn/check/deed-record.ts";
import { ANA, agentStep, item } from "../contract/context.ts";
import { agent } from "../langchain/steps.ts";

const NOW = new Date("2026-11-21T10:12:00Z");

export type Case = {
  readonly answer: string;
  readonly words?: string;
  /** Earlier messages: Nova's own begin with `Nova: `, those that rest on what nobody vouches for with `Nova~ `. */
  readonly history?: readonly string[];
  /** Recalled items by their id. */
  readonly items?: Readonly<Record<string, string>>;
  readonly verdict?: "answer" | "weak" | "none";
  readonly results?: readonly string[];
  readonly given?: Record<string, string | number>;
  readonly kept?: boolean;
  readonly forgot?: string;
  /** Verbs, or verbs with their words: `send_message: Ben. The meeting moved`. Asked for in this turn, unless `earlier`. */
  readonly deeds?: readonly string[];
  readonly earlier?: boolean;
  readonly here?: readonly string[];
  readonly others?: readonly string[];
  /** The step has read what nobody vouches for. */
  readonly tainted?: boolean;
  readonly agent?: Partial<Pick<AgentSpec, "grounding" | "domain">>;
};

export function breachesOf(one: Case): readonly Breach[] {
  const spec = agent({ grounding: "told", ...one.agent });
  const { items = {}, verdict } = one;
  const recalled: RecalledItem[] = Object.entries(items).map(([id, text]) => ({
    ...item(id, text, { at: new Date("2026-11-20T09:00:00Z") }),
    score: 1,
    why: { lex: 1, subject: 0, time: 0, length: 0, penalty: 0 },
    matched: [],
    cut: false,
  }));
  const base = agentStep(spec, { words: one.words ?? "Please help me." });
  const step = {
    ...base,
    ask: { ...base.ask, now: NOW },
    history: (one.history ?? []).map(said),
    recalled:
      verdict === undefined && recalled.length === 0
        ? undefined
        : { items: recalled, tokens: 1, confidence: 1, verdict: verdict ?? "answer" },
    ...(one.given ? { given: { by: spec.id, how: "handoff" as const, input: one.given } } : {}),
  };
  const places = { here: one.here ?? [], others: one.others ?? [] };
  const check = checkFor(step, { deeds: (one.deeds ?? []).map((deed) => done(deed, one)), changes: [], places });
  return check(
    { kind: "answer", text: one.answer },
    {
      results: one.results ?? [],
      tainted: one.tainted ?? false,
      changes: [
        ...(one.kept ? [{ kind: "keep" as const, item: { kind: "note" as const, text: "it" } }] : []),
        ...(one.forgot === undefined ? [] : [{ kind: "forget" as const, item: itemId(one.forgot) }]),
      ],
    },
  );
}

function done(deed: string, { earlier = false }: Case): Done {
  const [verb = "", ...words] = deed.split(": ");
  return { verb, words: words.join(": "), now: !earlier };
}

export const codesOf = (one: Case): readonly string[] => breachesOf(one).map(({ code }) => code);

function said(line: string, i: number): Message {
  const own = /^Nova[:~] /.test(line);
  return {
    id: messageId(String(i + 1)),
    conversation: conversationId("1"),
    author: own ? { kind: "agent", agent: null } : { kind: "person", person: ANA.id, name: ANA.name },
    text: line.replace(/^Nova[:~] /, ""),
    at: NOW,
    turn: null,
    ...(line.startsWith("Nova~ ") ? { tainted: true } : {}),
    reply: own ? { kind: "answer", model: "scripted" } : null,
  };
}
