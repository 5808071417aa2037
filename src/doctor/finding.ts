/** What the doctor finds, and the order in which it looks: each part by itself, so that one that hangs hides no other. */
import { NovaError, novaErrorIn, sentenceFor } from "#core";

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

/** One after another, in their order, so that none disturbs what the next one measures. */
export async function examine(
  examinations: readonly Examination[],
  { patienceMs, signal, onLook }: { patienceMs: number; signal: AbortSignal; onLook: (subject: string) => void },
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { subject, look } of examinations) {
    signal.throwIfAborted();
    onLook(subject);
    findings.push(...(await within(patienceMs, subject, look, signal)));
  }
  return findings;
}

async function within(
  patienceMs: number,
  subject: string,
  look: Examination["look"],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const limit = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    limit.abort();
    late.reject(new NovaError("unavailable", `It did not answer within ${patienceMs / 1_000} seconds.`));
  }, patienceMs);
  try {
    return await Promise.race([look(AbortSignal.any([signal, limit.signal])), late.promise]);
  } catch (error) {
    signal.throwIfAborted();
    return [foundBroken(subject, error)];
  } finally {
    clearTimeout(timer);
  }
}

export function foundBroken(subject: string, error: unknown): Finding {
  const known = novaErrorIn(error);
  return known ? ill(subject, known.message, known.advice) : ill(subject, sentenceFor(error), "");
}
