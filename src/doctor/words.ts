/** The findings as a person reads them: one line each, the remedy below it. Called by doctoring.ts and setting-up.ts. */
import type { Finding } from "./finding.ts";

type Colour = (text: string) => string;
type Ink = Readonly<Record<"bold" | "dim" | "red" | "green" | "yellow", Colour>>;

export function drawFindings(findings: readonly Finding[], ink: Ink): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  return [...findings.map((finding) => drawFinding(finding, width, ink)), "", drawVerdict(findings, ink)].join("\n");
}

export function drawFinding({ subject, state, detail, remedy }: Finding, width: number, ink: Ink): string {
  const below = " ".repeat(width + 4);
  return [
    `${MARKS[state](ink)} ${subject.padEnd(width)}  ${detail.replaceAll("\n", `\n${below}`)}`,
    ...(remedy === "" ? [] : [`${below}${ink.bold("→")} ${remedy.replaceAll("\n", `\n${below}  `)}`]),
  ].join("\n");
}

/** Marks, not colours alone: not everybody sees them, and a pipe has none. */
const MARKS: Readonly<Record<Finding["state"], (ink: Ink) => string>> = {
  well: (ink) => ink.green("✓"),
  warning: (ink) => ink.yellow("!"),
  ill: (ink) => ink.red("✗"),
  unknown: (ink) => ink.dim("?"),
};

export function drawVerdict(findings: readonly Finding[], ink: Ink): string {
  const count = (state: Finding["state"]): number => findings.filter((finding) => finding.state === state).length;
  const ills = count("ill");
  const warnings = count("warning");
  if (ills > 0) {
    const others = warnings > 0 ? `, ${warnings === 1 ? "one warning" : `${warnings} warnings`}` : "";
    return ink.red(`${ills === 1 ? "One thing is" : `${ills} things are`} wrong${others}.`);
  }
  if (warnings > 0) return ink.yellow(`Nova can run. ${warnings === 1 ? "One warning." : `${warnings} warnings.`}`);
  return ink.green("All is well.");
}
