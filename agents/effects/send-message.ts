/** Passes words on to another person, or to a shared place that somebody has named. */
import { z } from "zod";
import { defineEffect, type Bound, type CardLine, type Destination, type JsonObject } from "#core";
import { quiet } from "./words/quiet.ts";
import { whoseLine, wordsOf } from "./words/whose-words.ts";

const ME: ReadonlySet<string> = new Set(["me", "myself"]);
const MOST_NAMES = 6;

export default defineEffect({
  verb: "send_message",
  description: "Sends words to a person who is known here, in private, or to a shared place by its name.",
  examples: [
    "tell Ben that the build is green",
    "let Anna know that I am running ten minutes late",
    'message Tom: "the keys are at the desk"',
    "post to #team that the office is closed on Friday",
    "send Lisa a message that lunch is at noon",
  ],
  input: z.object({
    to: z.string().trim().min(1).max(100).describe("The name of the person or of the place, as the person wrote it."),
    text: z.string().trim().min(1).max(4_000).describe("The words to pass on, as the person put them."),
  }),
  stakes: "S2",
  stakesAlone: "S1",
  undo: null,
  async bind({ to, text }, context): Promise<Bound> {
    const { ask, destinations } = context;
    const found = ME.has(to.toLowerCase()) ? await destinations.find(ask.person.name) : await destinations.find(to);
    const whom = found.filter(speaksTo);
    const [one, ...others] = whom;
    if (!one) {
      const names = [...(await destinations.names("person")), ...(await destinations.names("place"))];
      return nobody(to, found, names.filter((name) => name !== ask.person.name).slice(0, MOST_NAMES));
    }
    if (others.length > 0) {
      return {
        kind: "unclear",
        question: `${to} is the name of a person and of a place. Which one do you mean?`,
        options: whom.map(nameOf),
      };
    }
    if (one.on === null) {
      return {
        kind: "refused",
        reason: `${nameOf(one)} has never written to me anywhere that I could write back to, so there is nowhere to tell them.`,
      };
    }
    const own = one.kind === "person" && one.person.id === ask.person.id;
    return {
      kind: "bound",
      args: {
        to:
          one.kind === "person"
            ? { kind: "person", id: one.person.id, name: one.person.name, on: one.on }
            : { kind: "place", id: one.id, name: one.name, on: one.on },
        from: ask.person.name,
        text: quiet(text),
        ...wordsOf("text", text, context),
      },
      destinations: own ? [] : [nameOf(one)],
    };
  },
  title: (args) => `Send a message to ${read(args).name}`,
  card(args): readonly CardLine[] {
    const { kind, name, on, from, text, wordsOf: whose } = read(args);
    return [
      { label: "To", value: kind === "person" ? `${name}, in private` : `${name}, for everybody there to read` },
      { label: "On", value: on },
      { label: "From", value: `Nova, in the name of ${from}` },
      ...whoseLine(whose, "which is said with them"),
      { label: "Words", value: text, field: "text" },
    ];
  },
});

type Speakable = Extract<Destination, { kind: "person" | "place" }>;

const speaksTo = (destination: Destination): destination is Speakable =>
  destination.kind === "person" || destination.kind === "place";

const nameOf = (destination: Speakable): string =>
  destination.kind === "person" ? destination.person.name : destination.name;

function nobody(to: string, found: readonly Destination[], names: readonly string[]): Bound {
  if (found.length > 0) return { kind: "refused", reason: `${to} is nobody whom I could tell something.` };
  return {
    kind: "unclear",
    question: `I know nobody called ${to}, and no place of that name. Whom do you mean?`,
    options: names,
  };
}

const stored = z.object({
  to: z.object({ kind: z.enum(["person", "place"]), name: z.string(), on: z.string() }),
  from: z.string(),
  text: z.string(),
  wordsOf: z.string().optional(),
});

function read(args: JsonObject) {
  const { to, ...rest } = stored.parse(args);
  return { ...to, ...rest };
}
