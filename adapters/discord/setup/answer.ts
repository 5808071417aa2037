/** What a check found, and what Discord's answers mean to who sets Nova up. Used by every check. */
import type { z } from "zod";
import { awayBy, type SetupCheck } from "#core";
import { codeOf, type Answer } from "../answer.ts";

export const well = (name: string, detail: string): SetupCheck => ({ name, ok: true, detail, remedy: "" });
export const ill = (name: string, detail: string, remedy: string): SetupCheck => ({ name, ok: false, detail, remedy });

export function read<T>(answer: Answer, shape: z.ZodType<T>): T | undefined {
  return answer.kind === "done" ? shape.safeParse(answer.body).data : undefined;
}

/** Detail and remedy for an answer that is none. */
export function complaint(answer: Answer, what: string, remedy: string): [detail: string, remedy: string] {
  switch (answer.kind) {
    case "done":
      return ["Discord's answer could not be read.", "Check DISCORD_API_URL; unset it for Discord itself."];
    case "refused":
      return [`Discord refuses ${what} (${codeOf(answer)}).`, remedy];
    case "later":
      return ["Discord asks for a pause.", "Run this again in a minute."];
    case "unsent":
    case "unknown": {
      const { happened, remedy: what } = awayBy(answer.code);
      return [
        `Discord did not answer: ${happened}.`,
        `${what} It must reach discord.com over HTTPS, or the address in DISCORD_API_URL if that is set.`,
      ];
    }
  }
}
