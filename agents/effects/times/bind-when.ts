/** Reads the words that say when, in the person's zone, for the effects that set something for a time. */
import {
  isUnchanged,
  readWhen,
  saidAt,
  soundsLikeRule,
  soundWhen,
  tellRule,
  tellSkipped,
  whenIn,
  whenJson,
  type BindContext,
  type Bound,
  type CardLine,
  type JsonObject,
  type When,
} from "#core";

type Read = { readonly kind: "when"; readonly when: JsonObject } | Extract<Bound, { kind: "unclear" }>;

const OFFERS = ["in 1 hour", "in 3 hours", "tomorrow at 09:00"];

const isOver = (when: When, now: Date): boolean => when.kind === "at" && when.at <= now;

/** Throws a NovaError for a time that never comes. */
export async function bindWhen(words: string, context: BindContext): Promise<Read> {
  const { ask, timeZone: zone, before } = context;
  // "In 2 hours" counts from when it was said, whatever else is changed later.
  if (isUnchanged(context, "when", words)) {
    const { when, zone: there, skipped } = whenIn(before?.args["when"]);
    return { kind: "when", when: whenJson(when, there, skipped) };
  }
  const read = await readWhen(words, { zone, now: saidAt(words, ask) });
  switch (read.kind) {
    case "when":
      if (isOver(read.when, ask.now))
        return {
          kind: "unclear",
          question: `${tellRule(read.when, zone).replace(/^once on /, "")} is over by now. When then?`,
          options: OFFERS,
        };
      return { kind: "when", when: whenJson(soundWhen(read.when, ask.now), read.zone, read.skipped) };
    case "unclear":
      return read;
    case "none":
      return {
        kind: "unclear",
        question: words.trim() === "" ? "When?" : "I do not understand that time. When?",
        options: soundsLikeRule(words) ? ["every day at 09:00", "every weekday at 09:00"] : OFFERS,
      };
  }
}

/** The absolute time or the rule, with weekday and zone. */
export function shownWhen(json: unknown): string {
  const { when, zone } = whenIn(json);
  return when.kind === "at" ? tellRule(when, zone).replace(/^once on /, "") : `${tellRule(when, zone)} (${zone})`;
}

/** Under the time on a card: why it is not the one that was named. */
export function skippedLines(json: unknown): readonly CardLine[] {
  const value = tellSkipped(whenIn(json).skipped);
  return value === "" ? [] : [{ label: "Note", value }];
}

/** The same behind what is done: "on Monday, …", "every weekday at 09:00 …". */
export const titledWhen = (json: unknown): string =>
  whenIn(json).when.kind === "at" ? `on ${shownWhen(json)}` : shownWhen(json);
