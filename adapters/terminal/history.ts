/** What was said lately in this person's terminals, drawn for the one that asks. */
import type { AdapterHost, Message, Person } from "#core";
import { addressOf } from "./parse.ts";
import { nameOf, type Names } from "./name.ts";
import { drawReply } from "./reply.ts";
import { withoutControls, type Look } from "./render.ts";

export async function history(person: Person, limit: number, look: Look, host: AdapterHost) {
  const messages = await host.transcript.at(addressOf(person.id), person, null, limit);
  return { person: { name: person.name, role: person.role }, messages: messages.map((each) => line(each, look, host)) };
}

function line(message: Message, look: Look, names: Names) {
  const { id, at, text, author, reply } = message;
  return {
    id,
    at,
    from: author.kind === "person" ? author.name : null,
    agent: author.kind === "agent" ? author.agent : null,
    name: author.kind === "agent" ? nameOf(author.agent, names) : author.name,
    kind: reply?.kind ?? null,
    model: reply?.model ?? null,
    text,
    // A person's own words are shown as they were typed.
    body: author.kind === "person" ? withoutControls(text) : drawReply(message, look),
  };
}
