/** Who answers when a model does not: the next of its chain, and `offline` behind them all; and what the person reads of it. */
import type { Reply } from "#core";
import type { Asked } from "./ask.ts";
import { FAILURES, type FailureKind } from "./failure.ts";
import { createOfflineModel } from "./offline/offline-model.ts";
import type { Run } from "./run.ts";

/** A question and its answer stay, so that "that" still means something. */
const LAST_EXCHANGE = 2;

/** The next of the chain speaks from now on, because of this; with `everywhere` the others would fail alike. */
type Fall = { readonly why: string; readonly told: string; readonly everywhere: boolean };

export function fallBehind(run: Run, asked: Exclude<Asked, { kind: "answered" }>): void {
  const model = run.speaker.name;
  switch (asked.kind) {
    case "failed":
      return fallFor(run, asked.failure.kind);
    case "resting":
      run.witness.trace({ kind: "skipped", model, why: "circuit_open" });
      return fall(run, {
        why: "circuit_open",
        told: restingTold(model, asked),
        everywhere: FAILURES[asked.why].everywhere,
      });
    case "refused":
      run.witness.trace({ kind: "skipped", model, why: "budget" });
      return fall(run, { why: "budget", told: "today's budget for models is used up", everywhere: true });
  }
}

/** Straight to the offline model: the agent's file says so when its model gives no sound reply. */
export function fallToOffline(run: Run): void {
  run.behind = [];
  fallFor(run, "invalid_reply");
}

function fallFor(run: Run, kind: FailureKind): void {
  const { says, everywhere } = FAILURES[kind];
  fall(run, { why: kind, told: says(run.speaker.name), everywhere });
}

function fall(run: Run, { why, told, everywhere }: Fall): void {
  run.show("");
  run.fallen.push({ model: run.speaker.name, why, told });
  const [next, ...behind] = everywhere ? [] : run.behind;
  run.behind = behind;
  run.speaker = next ?? { name: "offline", model: createOfflineModel(run.step) };
  run.witness.trace({ kind: "fallback", why, to: run.speaker.name });
  if (next) run.witness.status(`Asking ${next.name} instead`);
}

function restingTold(model: string, { why, ms }: Extract<Asked, { kind: "resting" }>): string {
  const counted = FAILURES[why].circuit === "counts" && why !== "rate_limited";
  const cause = counted ? `${model} failed several times just now` : FAILURES[why].says(model);
  return `${cause} and is ${ms > 0 ? `not asked again for ${span(ms)}` : "being tried again just now"}`;
}

const span = (ms: number): string => (ms > 90_000 ? `${Math.round(ms / 60_000)} min` : `${Math.ceil(ms / 1_000)} s`);

/** Leaves the oldest messages out from now on, once; false when there is nothing more to leave out. */
export function trim(run: Run): boolean {
  const { length } = run.step.history;
  if (run.trimmed > 0 || length === 0) return false;
  run.trimmed = length > LAST_EXCHANGE ? length - LAST_EXCHANGE : length;
  return true;
}

/** A lesser answer says what it stands in for; the label alone would be overlooked. */
export function standIn(reply: Reply, { fallen, speaker, trimmed }: Run): Reply {
  const who = speaker.circuit ? speaker.name : "the offline model";
  const notes = [
    ...(fallen.length > 0 ? [`${capital(listed(clauses(fallen)))}, so ${who} answers.`] : []),
    ...(trimmed > 0 && speaker.circuit
      ? [`This conversation is longer than ${who} can read at once, so it read only the end of it.`]
      : []),
  ];
  if (notes.length === 0) return reply;
  const told = (text: string): string => `*${notes.join(" ")}*\n\n${text}`;
  switch (reply.kind) {
    case "answer":
      return { ...reply, text: told(reply.text) };
    case "clarify":
      return { ...reply, question: told(reply.question) };
    case "fail":
      return { ...reply, reason: told(reply.reason) };
  }
}

/** What happened to one model and then to the next is said once. */
const clauses = (fallen: Run["fallen"]): string[] =>
  fallen.map(({ model, why, told }, i) => (why === fallen[i - 1]?.why ? `${model} too` : told));

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

/** A model's name stays as it is spelled. */
const capital = (text: string): string => text.replace(/^today's/, "Today's");
