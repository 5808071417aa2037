/** What setup.ts found, and what Slack's answers mean to who sets Nova up. Used by every check. */
import type { SetupCheck } from "#core";
import type { Answer } from "./call.ts";

export const well = (name: string, detail: string): SetupCheck => ({ name, ok: true, detail, remedy: "" });
export const ill = (name: string, detail: string, remedy: string): SetupCheck => ({ name, ok: false, detail, remedy });

/** Detail and remedy for an answer that is none. */
export function complaint(answer: Answer, name: string, where: string): [detail: string, remedy: string] {
  if (answer.kind === "away")
    return [
      `Slack did not answer: ${answer.happened}.`,
      `${answer.remedy} It must reach slack.com over HTTPS, or the address in SLACK_API_URL if that is set.`,
    ];
  if (answer.kind === "ok")
    return ["Slack's answer could not be read.", "Check SLACK_API_URL; unset it for Slack itself."];
  if (answer.error === "ratelimited") return ["Slack asks for a pause.", "Run this again in a minute."];
  if (answer.error === "missing_scope")
    return [`${name} lacks the scope ${answer.needed ?? "that this needs"}.`, where];
  return [`Slack refuses ${name} (${answer.error}).`, where];
}
