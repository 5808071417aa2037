/** `nova hooks posts`: what came in by one endpoint, and what became of it, for whom it came to. Called by hooks.ts. */
import { HOOKS_PLATFORM, type Arrived, type Endpoint, type Transcript } from "#core";
import type { Posts } from "./hooks-output.ts";

export async function readPosts(
  { name, scope, person }: Endpoint,
  limit: number,
  { transcript }: { readonly transcript: Transcript },
): Promise<Posts> {
  const found = await transcript.cameIn({ platform: HOOKS_PLATFORM, scope }, person, limit);
  return { name, person: person.name, posts: found.map(shown) };
}

function shown({ message, state: { state, turn, reply, delivery } }: Arrived): Posts["posts"][number] {
  return {
    message: message.id,
    at: message.at,
    origin: message.origin ?? "person",
    text: message.text,
    state,
    turn,
    reply: reply && {
      agent: reply.author.kind === "agent" ? reply.author.agent : null,
      kind: reply.reply?.kind ?? "answer",
      at: reply.at,
      text: reply.text,
    },
    delivery,
  };
}
