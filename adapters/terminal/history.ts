/** What was said lately in this person's terminals, drawn for the one that asks. */
import type { AdapterHost, Message, Person } from "#core";
import { addressOf } from "./parse.ts";
import { draw, withoutControls, type Look } from "./render.ts";

export async function history(person: Person, limit: number, look: Look, { transcript }: AdapterHost) {
  const messages = await transcript.at(addressOf(person.id), person, null, limit);
  return { person: { name: person.name, role: person.role }, messages: messages.map((each) => line(each, look)) };
}

function line(message: Message, look: Look) {
  const { id, at, text, author, reply } = message;
  return {
    id,
    at,
    from: author.kind === "person" ? author.name : null,
    agent: author.kind === "agent" ? author.agent : null,
    kind: reply?.kind ?? null,
    model: reply?.model ?? null,
    text,
    // A person's own words are shown as they were typed.
    body: author.kind === "person" ? withoutControls(text) : draw(text, look),
  };
}
