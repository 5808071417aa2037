/** Has Nova work on something at times, as if the person asked it then, or say words at them. */
import { z } from "zod";
import {
  clip,
  defineEffect,
  freeName,
  isAskedTooOften,
  isUnchanged,
  whenIn,
  type Bound,
  type CardLine,
  type JsonObject,
} from "#core";
import { bindWhen, shownWhen, skippedLines, titledWhen } from "./times/bind-when.ts";
import { saysItself } from "./words/says-itself.ts";
import { whoseLine, wordsOf } from "./words/whose-words.ts";

const LONGEST_NAME = 60;
const TOO_OFTEN = "Nova is not asked more often than every 5 minutes. When shall it be?";

export default defineEffect({
  verb: "set_schedule",
  description: "Asks Nova a question in the person's name at a time or again and again, and sends them the answer.",
  examples: [
    "every Monday at 8 ask: what is open in the printer project?",
    "every weekday at 17:00 tell me which turns failed today",
    "on the 1st of each month at 9 ask: what did we decide last month?",
  ],
  input: z.object({
    name: z.string().trim().max(200).optional().describe("A short name for it. Left out: its words."),
    does: z
      .enum(["ask", "remind"])
      .optional()
      .describe("`ask`: Nova answers the words, which is meant when left out. `remind`: it only says them."),
    words: z.string().trim().min(1).max(2_000).describe("The question, as the person would ask it then."),
    when: z
      .string()
      .trim()
      .max(200)
      .describe("The words that say when, exactly as the person wrote them, such as `every Monday at 8`."),
    urgent: z.boolean().optional().describe("True only when the person wants it in quiet hours, too."),
  }),
  stakes: "S1",
  undo: "Say “cancel the schedule” with its name or words; /schedules lists all.",
  async bind({ name, does = "ask", words, when, urgent = false }, context): Promise<Bound> {
    // It would only be asked in vain: whatever a schedule says, nothing of it is read as a command.
    if (does === "ask" && words.startsWith("/"))
      return { kind: "refused", reason: "A schedule gives no commands. Say in words what you want to know." };
    const read = await bindWhen(when, context);
    if (read.kind !== "when") return read;
    if (does === "ask" && isAskedTooOften(whenIn(read.when).when, context.ask.now))
      return { kind: "unclear", question: TOO_OFTEN, options: ["every 5 minutes", "every hour"] };
    const taken = (await context.agenda.list()).map((each) => each.name);
    const called = freeName(clip(name?.trim() || words, LONGEST_NAME), taken);
    return {
      kind: "bound",
      args: {
        name: called,
        does,
        words,
        when: read.when,
        urgent,
        own: isUnchanged(context, "words", words) ? context.before?.args["own"] === true : saysItself(words, context),
        ...wordsOf("words", words, context),
      },
      destinations: [],
    };
  },
  title(args) {
    const { does, when } = stored.parse(args);
    return `${does === "ask" ? "Ask in your name" : "Remind you"} ${titledWhen(when)}`;
  },
  card(args: JsonObject): readonly CardLine[] {
    const { name, does, words, when, urgent, own, wordsOf: whose } = stored.parse(args);
    return [
      { label: "Name", value: name, field: "name" },
      { label: does === "ask" ? "Asks" : "Says", value: words, field: "words", whole: true },
      { label: "When", value: shownWhen(when), field: "when" },
      ...skippedLines(when),
      ...(does === "remind" ? whoseLine(whose, "who changed them") : []),
      ...(does === "ask" && !own
        ? [{ label: "Whose words", value: "not word for word yours: what they lead to then is asked of you" }]
        : []),
      ...(urgent ? [{ label: "Quiet hours", value: "spoken in them, too" }] : []),
    ];
  },
});

const stored = z.object({
  name: z.string(),
  does: z.enum(["ask", "remind"]),
  words: z.string(),
  when: z.unknown(),
  urgent: z.boolean(),
  own: z.boolean(),
  wordsOf: z.string().optional(),
});
