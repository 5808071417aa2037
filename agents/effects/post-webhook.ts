/** Posts a signed event to a receiver that the operator has added. */
import { z } from "zod";
import { defineEffect, type Bound, type CardLine, type JsonObject } from "#core";

const MOST_NAMES = 6;

export default defineEffect({
  verb: "post_webhook",
  description: "Posts a signed event to one of the receivers that `nova receivers` lists, by the receiver's name.",
  examples: [
    "post to the webhook billing that the invoice run is done",
    "send the event deploy.started to the receiver ci",
    "notify the receiver statuspage: maintenance begins at ten",
  ],
  input: z.object({
    receiver: z.string().trim().min(1).max(63).describe("The receiver's name, as the person wrote it."),
    event: z
      .string()
      .trim()
      .regex(/^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/i, "words of letters and digits, with dots between them")
      .max(100)
      .default("message")
      .describe("What happened, for instance `deploy.started`; `message` where only words are to be told."),
    text: z.string().trim().min(1).max(4_000).describe("The words of it, as the person put them."),
  }),
  stakes: "S2",
  undo: null,
  async bind({ receiver, event, text }, { destinations }): Promise<Bound> {
    const [one] = (await destinations.find(receiver)).filter((each) => each.kind === "receiver");
    if (!one) {
      const names = (await destinations.names("receiver")).slice(0, MOST_NAMES);
      if (names.length === 0) {
        return {
          kind: "refused",
          reason: "No receiver is open to post to. The operator adds one with `nova receivers add <name> <address>`.",
        };
      }
      return {
        kind: "unclear",
        question: `No receiver called ${receiver} is open. Which one do you mean?`,
        options: names,
      };
    }
    return {
      kind: "bound",
      args: { receiver: { id: one.id, name: one.name, host: one.host }, event, text },
      destinations: [one.name, one.host],
    };
  },
  title: (args) => `Post ${read(args).event} to ${read(args).receiver.name}`,
  card(args): readonly CardLine[] {
    const { receiver, event, text } = read(args);
    return [
      { label: "Receiver", value: `${receiver.name}, at ${receiver.host}` },
      { label: "Event", value: event, field: "event" },
      { label: "Words", value: text, field: "text" },
    ];
  },
});

const stored = z.object({
  receiver: z.object({ name: z.string(), host: z.string() }),
  event: z.string(),
  text: z.string(),
});
const read = (args: JsonObject) => stored.parse(args);
