/** Whether this machine's clock agrees with others. Signed posts are refused when it is five minutes off. Built by doctoring.ts. */
import { ill, unknown, warning, well, type Finding } from "./finding.ts";

/** How far this clock is ahead of another one, in milliseconds; negative when it is behind. */
export type Offset = { readonly than: string; readonly ms: number };

const NOTICED_MS = 30_000;
/** Beyond it, signatures of posts count as too old or too new. */
const REFUSED_MS = 300_000;

export function judgeClock(now: Date, offsets: readonly Offset[]): Finding {
  const [worst] = offsets.toSorted((a, b) => Math.abs(b.ms) - Math.abs(a.ms));
  if (!worst) return unknown("clock", `It says ${now.toISOString()}; there is no other clock to compare it with.`);
  const by = Math.abs(worst.ms);
  if (by < NOTICED_MS) return well("clock", `It agrees with ${worst.than}.`);
  const detail = `It is ${span(by)} ${worst.ms > 0 ? "ahead of" : "behind"} ${worst.than}.`;
  const remedy = "Let this machine keep its time by NTP, for instance with `timedatectl set-ntp true`.";
  return by < REFUSED_MS ? warning("clock", detail, remedy) : ill("clock", detail, remedy);
}

function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 3_600)} hours`;
}
