/** Who answers when a model does not: the next of its chain, and `offline` behind them all. What is read of it: stand-in.ts. */
import type { Asked } from "../call/ask.ts";
import { restingSays } from "../models/failure-words.ts";
import { FAILURES, type FailureKind } from "../models/failure.ts";
import { createOfflineModel } from "../offline/offline-model.ts";
import type { Run } from "./run.ts";

/** A question and its answer stay, so that "that" still means something. */
const LAST_EXCHANGE = 2;

/** After the model's name, as `says` of failure.ts. */
const OWN_CAP = "would pass what this agent may spend today";

/** The next of the chain speaks from now on, because of this; with `everywhere` the others would fail alike. */
type Fall = { readonly why: string; readonly says: string | null; readonly everywhere: boolean };

export function fallBehind(run: Run, asked: Exclude<Asked, { kind: "answered" }>): void {
  const model = run.speaker.name;
  switch (asked.kind) {
    case "failed":
      return fallFor(run, asked.failure.kind);
    case "resting":
      run.witness.trace({ kind: "skipped", model, why: "circuit_open" });
      return fall(run, {
        why: "circuit_open",
        says: restingSays(asked),
        everywhere: FAILURES[asked.why].everywhere,
      });
    case "refused":
      run.witness.trace({ kind: "skipped", model, why: "budget" });
      return fall(run, { why: "budget", says: asked.whose === "agent" ? OWN_CAP : null, everywhere: false });
  }
}

/** Straight to the offline model: the agent's file says so when its model gives no sound reply. */
export function fallToOffline(run: Run): void {
  run.behind = [];
  fallFor(run, "invalid_reply");
}

function fallFor(run: Run, kind: FailureKind): void {
  const { says, everywhere } = FAILURES[kind];
  fall(run, { why: kind, says, everywhere });
}

function fall(run: Run, { why, says, everywhere }: Fall): void {
  run.show("");
  run.fallen.push({ model: run.speaker.name, says });
  const [next, ...behind] = everywhere ? [] : run.behind;
  run.behind = behind;
  run.speaker = next ?? { name: "offline", model: createOfflineModel(run.step) };
  run.witness.trace({ kind: "fallback", why, to: run.speaker.name });
  if (next) run.witness.status(`Asking ${next.name} instead`);
}

/** Leaves the oldest messages out from now on and asks for a short answer, once; false when that was done already. */
export function lighten(run: Run): boolean {
  if (run.brief) return false;
  run.brief = true;
  const { length } = run.step.history;
  run.trimmed = length > LAST_EXCHANGE ? length - LAST_EXCHANGE : length;
  return true;
}
