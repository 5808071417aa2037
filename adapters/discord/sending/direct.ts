/** The direct channel with a user, opened when it is first needed. Discord gives the same one each time. Made by index.ts for all that write there. */
import { z } from "zod";
import type { Answer } from "../answer.ts";
import type { Rest } from "../rest.ts";

export interface Directs {
  /** The channel's id, or why there is none. */
  with(user: string, signal?: AbortSignal): Promise<string | Exclude<Answer, { kind: "done" }>>;
}

const opened = z.object({ id: z.string() });
const MOST = 10_000;

export function createDirects(rest: Rest): Directs {
  const channels = new Map<string, string>();
  return {
    async with(user, signal) {
      const known = channels.get(user);
      if (known !== undefined) return known;
      const call = { method: "POST", route: "/users/@me/channels", body: { recipient_id: user } } as const;
      const answer = await rest.call(call, signal);
      if (answer.kind !== "done") return answer;
      const { data } = opened.safeParse(answer.body);
      if (!data) return { kind: "unsent", code: "discord_no_channel" };
      if (channels.size >= MOST) channels.clear();
      channels.set(user, data.id);
      return data.id;
    },
  };
}
