/** Whose a message was that is deleted now: Discord does not say. Used by posts.ts. */
import { z } from "zod";
import type { Deletion } from "./revision.ts";
import type { Rest } from "./rest.ts";

/** So many messages in guilds; in direct channels the other one is known at any time. */
const MOST = 5_000;

const DIRECT = 1;
const channel = z.object({ type: z.literal(DIRECT), recipients: z.array(z.object({ id: z.string() })).min(1) });

export interface Authors {
  note(message: string, author: string): void;
  of(deletion: Deletion): Promise<string | undefined>;
}

export function createAuthors(rest: Rest): Authors {
  const known = new Map<string, string>();
  return {
    note(message, author) {
      known.set(message, author);
      const [oldest] = known.keys();
      if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    },
    async of({ message, channel: id, isDirect }) {
      const author = known.get(message);
      if (author !== undefined || !isDirect) return author;
      const answer = await rest.call({ method: "GET", route: `/channels/${id}` });
      return answer.kind === "done" ? channel.safeParse(answer.body).data?.recipients[0]?.id : undefined;
    },
  };
}
