/** Runs one agent for one step: its own code first, then LangChain's agent under the guard. Called by the turn. */
import { raceWithSignal } from "@langchain/core/runnables";
import {
  isAway,
  taintsOfOwnWish,
  type AgentCode,
  type AgentSpec,
  type Clock,
  type CodedReply,
  type Log,
  type Reply,
  type StepOutcome,
  type StepRunner,
} from "#core";
import type { ChatModels } from "./models/chat-models.ts";
import { converse } from "./agent/converse.ts";
import { failReply, stepFaultIn } from "./fault.ts";
import type { Purse } from "./call/costs.ts";
import { randomMark } from "./mark.ts";
import { createOfflineModel } from "./offline/offline-model.ts";
import { PACE, type Pace } from "./call/pace.ts";
import { openRun, type Run } from "./agent/run.ts";
import { standIn } from "./agent/stand-in.ts";
import { watchedAgenda } from "./agent/tools.ts";

export type StepRunnerParts = {
  readonly models: ChatModels;
  /** Of this very spec: a reload may have brought another one of the same id. */
  readonly code: (agent: AgentSpec) => AgentCode | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Left out: nothing is reserved, and no call is counted. */
  readonly purse?: Purse | undefined;
  readonly pace?: Pace;
  /** Gives a delimiter that no text can have foreseen; random when left out. */
  readonly mark?: () => string;
};

export function createStepRunner(parts: StepRunnerParts): StepRunner {
  const { models, code, clock, log, purse, pace = PACE, mark = randomMark } = parts;
  return {
    async run(step, witness, cancel) {
      cancel.throwIfAborted();
      const [first, ...behind] = step.standIn === undefined ? models.chain(step.agent.model) : [];
      const speaker = first ?? { name: "offline", model: createOfflineModel(step) };
      const run = openRun({ step, speaker, behind, clock, log, pace, purse, witness, cancel });
      const own = code(step.agent);
      try {
        const coded = await settleByCode(run, own);
        if (coded) return codedOutcome(run, coded);
        const reply = await raceWithSignal(converse(run, { check: own?.check?.bind(own), mark }), run.signal);
        return outcome(run, standIn(reply, run), { model: run.speaker.name, changes: run.changes });
      } catch (error) {
        // Nobody's failure that words could end: the turn is to be tried again, or it was stopped.
        if (cancel.aborted || isAway(error)) {
          run.costs.close();
          await run.costs.settleAlone();
          cancel.throwIfAborted();
          throw error;
        }
        const model = run.spent.modelCalls > 0 ? run.speaker.name : null;
        return outcome(run, failure(run, error), { model, changes: [] });
      } finally {
        run.close();
      }
    },
  };
}

async function settleByCode(run: Run, own: AgentCode | undefined): Promise<CodedReply | undefined> {
  if (!own?.before) return undefined;
  const step = { ...run.step, context: { ...run.step.context, agenda: watchedAgenda(run) } };
  return raceWithSignal(own.before(step), run.signal);
}

/** What code answers may rest on what it looked up by itself. */
function codedOutcome(run: Run, { reply, changes = [], results = [], ownWish }: CodedReply): StepOutcome {
  run.results.push(...results);
  run.breaches.push(...(run.step.check?.(reply, { results, changes }) ?? []));
  const end = outcome(run, reply, { model: null, changes });
  // What another agent filled in is no wish of the person's, whatever was read off it.
  return ownWish && run.step.given === undefined ? { ...end, taints: taintsOfOwnWish(end.taints) } : end;
}

/** A stop of the run outranks the error that it caused further down. */
function failure(run: Run, error: unknown): Reply {
  const fault = stepFaultIn(run.signal.reason) ?? stepFaultIn(error);
  if (fault) return failReply(fault.code);
  run.log.error("step.failed", error, { agent: run.step.agent.id });
  return failReply("internal");
}

/** A failed step changes nothing. */
function outcome(run: Run, reply: Reply, end: Pick<StepOutcome, "model" | "changes">): StepOutcome {
  // Before the sum is read: a call that the run's end has ended belongs to it.
  const calls = run.costs.close();
  return {
    agent: run.step.agent.id,
    reply: withFailure(reply, run),
    changes: reply.kind === "fail" ? [] : end.changes,
    usage: { ...run.spent },
    calls,
    model: end.model,
    tools: [...run.toolsRun],
    results: [...run.results],
    taints: [...run.taints],
    breaches: [...run.breaches],
    ...(run.mended.length > 0 ? { mended: [...run.mended] } : {}),
    missing: [...new Set(run.missing)],
  };
}

/** "There is none" is no answer of whoever could not look: the failure is the tool's, and is told. */
function withFailure(reply: Reply, { failed }: Run): Reply {
  if (reply.kind !== "fail" || failed.names().length === 0) return reply;
  if (reply.code !== "not_found" && reply.code !== "cannot") return reply;
  const { reason } = reply;
  const told = /\bfail|\bdid not answer\b|\bbe looked up\b/i.test(reason) ? reason : `${reason}\n\n${UNKNOWN}`;
  return { ...reply, code: "tool_failed", reason: told };
}

const UNKNOWN = "*A tool that this needs failed just now, so take it as not known, and ask again later.*";
