/** What the doctor finds, and the order in which it looks: each part by itself, so that one that hangs hides no other. */
import { NovaError, novaErrorIn } from "#core";

export type Finding = {
  /** What was looked at, for instance `database`. */
  readonly subject: string;
  /** `unknown`: it could not be told, and nothing is known to be wrong. */
  readonly state: "well" | "warning" | "ill" | "unknown";
  /** One sentence: what is so. */
  readonly detail: string;
  /** One sentence: what to do about it. Empty when there is nothing to do. */
  readonly remedy: string;
};

/** Looks at one part. What it throws is a finding too. */
export type Examination = {
  readonly subject: string;
  readonly look: (signal: AbortSignal) => Promise<readonly Finding[]>;
};

export const well = (subject: string, detail: string): Finding => ({ subject, state: "well", detail, remedy: "" });
export const unknown = (subject: string, detail: string): Finding => ({ ...well(subject, detail), state: "unknown" });
export const warning = (subject: string, detail: string, remedy: string): Finding => ({
  subject,
  state: "warning",
  detail,
  remedy,
});
export const ill = (subject: string, detail: string, remedy: string): Finding => ({
  ...warning(subject, detail, remedy),
  state: "ill",
});

export type ExamineOptions = {
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly onLook: (subject: string) => void;
  /** Told of an error that nobody expected. */
  readonly onBroken: (error: unknown) => void;
};

/** One after another, in their order, so that none disturbs what the next one measures. */
export async function examine(
  examinations: readonly Examination[],
  { patienceMs, signal, onLook, onBroken }: ExamineOptions,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { subject, look } of examinations) {
    signal.throwIfAborted();
    onLook(subject);
    findings.push(...(await within(patienceMs, { subject, look }, signal, onBroken)));
  }
  return findings;
}

async function within(
  patienceMs: number,
  { subject, look }: Examination,
  signal: AbortSignal,
  onBroken: ExamineOptions["onBroken"],
): Promise<readonly Finding[]> {
  const limit = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    limit.abort();
    late.reject(
      new NovaError("unavailable", `It did not answer within ${patienceMs / 1_000} seconds.`, {
        advice: "See whether what it runs on is overloaded or hangs, then look again.",
      }),
    );
  }, patienceMs);
  try {
    return await Promise.race([look(AbortSignal.any([signal, limit.signal])), late.promise]);
  } catch (error) {
    signal.throwIfAborted();
    if (!novaErrorIn(error)) onBroken(error);
    return [foundBroken(subject, error)];
  } finally {
    clearTimeout(timer);
  }
}

export function foundBroken(subject: string, error: unknown): Finding {
  const known = novaErrorIn(error);
  return known
    ? ill(subject, known.message, known.advice)
    : ill(
        subject,
        "It could not be looked at: something went wrong inside Nova.",
        "The log line above holds the details.",
      );
}
