/** Reminds the person of something at a time, once or again and again. */
import { z } from "zod";
import { defineEffect, whenJson, type Bound, type CardLine, type JsonObject } from "#core";
import { bindWhen, shownWhen, skippedLines, titledWhen } from "./times/bind-when.ts";
import { whoseLine, wordsOf } from "./words/whose-words.ts";

export default defineEffect({
  verb: "set_reminder",
  description: "Reminds the person of something at a time that they name, once or again and again.",
  examples: [
    "remind me tomorrow at 9 to call Ann",
    "remind me in 20 minutes that the oven is on",
    "set a reminder for Friday at 17:00: send the report",
    "remind me every Monday at 8 to water the plants",
  ],
  input: z.object({
    text: z.string().trim().min(1).max(2_000).describe("What to be reminded of, in the person's own words."),
    when: z
      .string()
      .trim()
      .max(200)
      .describe(
        "The words that say when, exactly as the person wrote them, such as `tomorrow at 9`. Empty: none were said.",
      ),
    urgent: z.boolean().optional().describe("True only when the person wants to be reminded in quiet hours, too."),
  }),
  stakes: "S1",
  undo: "Say “cancel the reminder” with its name or words; /schedules lists all.",
  async bind({ text, when: words, urgent = false }, context): Promise<Bound> {
    const read = await bindWhen(words, context);
    if (read.kind !== "when") return read;
    const when = shownWhen(read.when);
    const same = (await context.agenda.list()).find(
      (each) =>
        each.does === "remind" &&
        each.state === "active" &&
        each.words.toLowerCase() === text.toLowerCase() &&
        shownWhen(whenJson(each.when, context.timeZone)) === when,
    );
    if (same)
      return { kind: "refused", reason: `That one is set already, so nothing was added: “${same.name}”, ${when}.` };
    return {
      kind: "bound",
      args: { text, when: read.when, urgent, ...wordsOf("text", text, context) },
      destinations: [],
    };
  },
  title: (args) => `Remind you ${titledWhen(stored.parse(args).when)}`,
  card(args: JsonObject): readonly CardLine[] {
    const { text, when, urgent, wordsOf: whose } = stored.parse(args);
    return [
      { label: "Of", value: text, field: "text" },
      ...whoseLine(whose, "who changed them"),
      { label: "When", value: shownWhen(when), field: "when" },
      ...skippedLines(when),
      ...(urgent ? [{ label: "Quiet hours", value: "said in them, too" }] : []),
    ];
  },
});

const stored = z.object({ text: z.string(), when: z.unknown(), urgent: z.boolean(), wordsOf: z.string().optional() });
