/** The person's own reminders and schedules, with when they come next. Granted to the scheduler. */
import { z } from "zod";
import { defineTool, tellClock, tellDay, tellRule, tellTime, zoneOf, type Schedule } from "#core";

export default defineTool({
  name: "list_schedules",
  description:
    "Lists the person's own reminders and schedules with their names and the absolute times at which they come next. Use it before one is changed, and when they ask what is planned.",
  examples: [
    "what reminders do I have",
    "list my schedules",
    "which reminders are set for tomorrow",
    "when is the next reminder",
    "is there a reminder about Ann",
  ],
  input: z.object({
    about: z
      .string()
      .max(200)
      .optional()
      .describe("Only those with these words in their name or text; all when left out."),
  }),
  timeoutMs: 5_000,
  async run({ about }, { agenda }) {
    const [all, { zone }] = [await agenda.list(), await agenda.rhythm()];
    const wanted = about?.trim().toLowerCase() ?? "";
    const found = all.filter(({ name, words }) => `${name} ${words}`.toLowerCase().includes(wanted));
    if (found.length === 0)
      return wanted === "" ? "There are no reminders or schedules." : `None is about “${about?.trim()}”.`;
    return found.map((each) => lineOf(each, zone)).join("\n");
  },
});

function lineOf({ name, does, words, when, nextAt, state }: Schedule, zone: string): string {
  const what = does === "ask" ? `asks “${words}”` : words === name ? "" : words;
  const own = zoneOf(when, zone);
  const rule = when.kind === "at" ? "" : `${tellRule(when, own)} (${own})`;
  const next =
    nextAt && state === "active"
      ? when.kind === "at"
        ? tellTime(nextAt, zone)
        : `next on ${tellDay(nextAt, own)}, ${tellClock(nextAt, own)}`
      : state;
  return `- **${name}**: ${[what, rule, next].filter((part) => part !== "").join("; ")}`;
}
