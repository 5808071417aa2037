/** A model that says whom a message is for, among a few: asked once, repaired once, and never waited for longer than three seconds. Handed to the router by the roof. */
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { raceWithSignal } from "@langchain/core/runnables";
import { agentId, isAway, type Clock, type JudgeAsk, type Judged, type Log, type RouteJudge } from "#core";
import { ask as askModel } from "../call/ask.ts";
import type { Calling } from "../call/calling.ts";
import type { ChatModels, Link } from "../models/chat-models.ts";
import { FAILURES } from "../models/failure.ts";
import { StepFault } from "../fault.ts";
import { createCosts, type Costs, type Purse } from "../call/costs.ts";
import { randomMark } from "../mark.ts";
import { PACE, type Pace } from "../call/pace.ts";
import { judgedIn } from "./judge-answer.ts";
import { asked, instructions, repair } from "./judge-prompt.ts";
import { agreeing, restingSays } from "../models/failure-words.ts";
import { textOf } from "../text-of.ts";

export type RouteJudgeParts = {
  readonly models: ChatModels;
  readonly clock: Clock;
  readonly log: Log;
  /** Left out: nothing is reserved, and no call is counted. */
  readonly purse?: Purse | undefined;
  readonly pace?: Pace;
  /** Gives a delimiter that no text can have foreseen; random when left out. */
  readonly mark?: () => string;
  /** For both tries together, in milliseconds; 3 s when left out. */
  readonly deadlineMs?: number;
};

/** In the books, and in the trace. */
const ROUTER = agentId("router");
/** Somebody waits for an answer, and this is not it yet. */
const DEADLINE_MS = 3_000;
/** What is sent is some 1,500 tokens; the rest is for those that think before they speak. */
const MOST_TOKENS = 4_000;
/** A model that is too slow so often in a row costs three seconds and its price each time, and brings nothing. */
const SLOW_TO_REST = 3;
const REST_MS = 10 * 60_000;

const TOO_SLOW = "did not answer in time";

export function createRouteJudge(parts: RouteJudgeParts): RouteJudge {
  const { models, clock, log, mark = randomMark } = parts;
  const slow = new Map<string, { readonly times: number; readonly at: number }>();
  const rests = (model: string): boolean => {
    const { times = 0, at = 0 } = slow.get(model) ?? {};
    return times >= SLOW_TO_REST && Math.abs(clock.now().getTime() - at) < REST_MS;
  };
  const note = (model: string, judged: Judged): void => {
    if (judged.kind === "judged" || judged.says !== TOO_SLOW) return void slow.delete(model);
    const times = (slow.get(model)?.times ?? 0) + 1;
    slow.set(model, { times, at: clock.now().getTime() });
    if (times === SLOW_TO_REST) log.warn("router.model_slow", { model, restsMs: REST_MS, remedy: REMEDY });
  };

  return {
    async judge(question, signal) {
      signal.throwIfAborted();
      const links = models.chain("fast");
      const link = links.find(({ circuit }) => !circuit.resting()) ?? links[0];
      if (!link) return undefined;
      const { name: model } = link;
      const { trace } = question.bill;
      if (rests(model)) {
        trace({ kind: "skipped", model, why: "circuit_open" });
        return { kind: "failed", model, says: "is not asked for some minutes, for it was too slow several times" };
      }
      const open = openCalling(question, link, { ...parts, signal });
      try {
        const judged = await raceWithSignal(converse(open.calling, link, { question, mark }), open.calling.signal);
        note(model, judged);
        return judged;
      } catch (error) {
        signal.throwIfAborted();
        if (isAway(error)) throw error;
        const late = open.calling.signal.aborted;
        if (!late) log.error("router.model_failed", error, { model });
        trace({ kind: "fallback", why: late ? "timeout" : "internal", to: "the router's own rules" });
        const judged: Judged = { kind: "failed", model, says: late ? TOO_SLOW : "could not be asked" };
        note(model, judged);
        return judged;
      } finally {
        await open.close();
      }
    },
  };
}

const REMEDY = "Set NOVA_MODEL_FAST to a quicker model, or NOVA_ROUTER_MODEL=off.";

async function converse(
  calling: Calling,
  { circuit, name: model }: Link,
  { question, mark }: { readonly question: JudgeAsk; readonly mark: () => string },
): Promise<Judged> {
  const systemPrompt = instructions(question);
  const first = asked(question, mark());
  const fail = (why: string, says: string): Judged => {
    calling.witness.trace({ kind: "fallback", why, to: "the router's own rules" });
    return { kind: "failed", model, says };
  };
  let messages: readonly BaseMessage[] = [first];
  for (const isLast of [false, true]) {
    const answer = await askModel(calling, circuit, { systemPrompt, messages, tools: [] });
    switch (answer.kind) {
      case "failed": {
        const { kind } = answer.failure;
        return fail(kind, kind === "hurried" ? TOO_SLOW : singular(FAILURES[kind].says));
      }
      case "resting":
        calling.witness.trace({ kind: "skipped", model, why: "circuit_open" });
        return fail("circuit_open", singular(restingSays(answer)));
      case "refused":
        calling.witness.trace({ kind: "skipped", model, why: "budget" });
        return fail("budget", "what is left of today's budget does not cover that");
      case "answered": {
        const text = textOf(answer.message);
        const reading = judgedIn(text, question);
        if (reading.kind === "sound") return { kind: "judged", model, ...reading.judged };
        if (isLast) break;
        calling.witness.trace({ kind: "repaired", issues: reading.issues.map(({ code }) => code) });
        messages = [first, new AIMessage(text.slice(0, LONGEST_QUOTED)), repair(reading.issues.map((i) => i.message))];
      }
    }
  }
  return fail("invalid_reply", singular(FAILURES.invalid_reply.says));
}

/** What a model said wrongly is shown to it no longer than this. */
const LONGEST_QUOTED = 2_000;

/** One model is spoken of. */
const singular = (says: string): string => agreeing(says, 1);

type Opening = Pick<RouteJudgeParts, "clock" | "log" | "purse" | "pace" | "deadlineMs"> & {
  readonly signal: AbortSignal;
};

function openCalling(
  { bill }: JudgeAsk,
  link: Link,
  { clock, log, purse, pace = PACE, deadlineMs = DEADLINE_MS, signal: outer }: Opening,
): { readonly calling: Calling; close(): Promise<void> } {
  const step = {
    agent: { id: ROUTER, idleMs: deadlineMs, budget: {} },
    left: { tokens: MOST_TOKENS },
    ask: { turn: bill.turn, person: bill.person },
    where: bill.where,
  };
  const spent = { modelCalls: 0, toolCalls: 0, tokens: 0 };
  const costs: Costs = createCosts(step, {
    purse,
    clock,
    log,
    tell(tried) {
      spent.tokens += tried.tokens;
      bill.trace(tried);
    },
  });
  const ending = new AbortController();
  const stop = (code: StepFault["code"]): StepFault => {
    const fault = new StepFault(code);
    ending.abort(fault);
    return fault;
  };
  const timer = setTimeout(() => stop("timeout"), deadlineMs);
  const endsAt = clock.now().getTime() + deadlineMs;
  const calling: Calling = {
    step,
    clock,
    log,
    pace,
    costs,
    signal: AbortSignal.any([outer, ending.signal]),
    witness: { draft: () => {}, status: () => {}, trace: bill.trace },
    spent,
    speaker: link,
    brief: false,
    left: () => endsAt - clock.now().getTime(),
    stop,
    show: () => {},
    shown: false,
  };
  return {
    calling,
    async close() {
      clearTimeout(timer);
      if (costs.close().length > 0) await costs.settleAlone();
    },
  };
}
