/** From an event of Discord's, by the gateway or by a signed post alike, to an inbound. Pure. */
import type { Ignored, Inbound } from "#core";
import { envelope, type Envelope } from "./envelope.ts";
import { COMMANDS, SHARE } from "./inbound/commands.ts";
import { placeOf, readInteraction, type Interaction } from "./inbound/interaction.ts";
import { addressOf, readPost } from "./inbound/post.ts";
import { EPOCH, senderOf } from "./platform.ts";

export function parse(unchecked: unknown): Inbound | Ignored {
  const parsed = envelope.safeParse(unchecked);
  if (!parsed.success) return { ignored: "The event is not understood." };
  switch (parsed.data.event) {
    case "MESSAGE_CREATE":
      return readMessage(parsed.data);
    case "INTERACTION_CREATE": {
      const interaction = readInteraction(parsed.data.data);
      return interaction ? readCommand(interaction) : { ignored: "The interaction is not understood." };
    }
    case "MESSAGE_UPDATE":
    case "MESSAGE_DELETE":
    case "MESSAGE_DELETE_BULK":
      return { ignored: "Edits and deletions are no messages." };
  }
}

function readMessage({ data, bot, application }: Envelope): Inbound | Ignored {
  const post = readPost(data, bot);
  if (!post) return { ignored: "The message is not meant for us." };
  const { text, files, isDirect } = post;
  // Who only calls us by name is told what we can do.
  const words = text === "" && files.length === 0 && !isDirect ? "/help" : text;
  if (words === "" && files.length === 0) return { ignored: "The message holds neither words nor files." };
  return {
    deliveryKey: post.id,
    messageKey: post.id,
    address: addressOf(post, application),
    sender: senderOf(post.author),
    text: words,
    sentAt: post.at,
    senderName: post.authorName,
    ...(files.length > 0 ? { files } : {}),
  };
}

/** Where others read along, a command is between its user and us unless they share it. */
export const isHidden = ({ what, isDirect }: Interaction): boolean =>
  what.kind === "command" && !isDirect && what.options.get(SHARE) !== true;

export function readCommand(interaction: Interaction): Inbound | Ignored {
  const { id, what, user } = interaction;
  if (what.kind !== "command") return { ignored: "The interaction is no command." };
  const command = COMMANDS.find(({ name }) => name === what.name);
  if (!command) return { ignored: "There is no such command any more. Type / to see those there are." };
  const text = command.words({
    text: (name) => {
      const value = what.options.get(name);
      return typeof value === "string" ? value.trim() : "";
    },
  });
  if (text.trim() === "") return { ignored: "The command holds no words." };
  return {
    deliveryKey: id,
    messageKey: `cmd:${id}`,
    address: placeOf(interaction, isHidden(interaction)),
    sender: senderOf(user),
    text,
    sentAt: new Date(Number((BigInt(id) >> 22n) + EPOCH)),
    senderName: interaction.userName,
  };
}
