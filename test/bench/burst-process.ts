/** The crowd of a burst in a process of its own, with the platform that it writes on: their work is not Nova's. Used by burst. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { PLACES, type Crowd, type Place, type Round } from "./burst-crowd.ts";
import { openDiscordCrowd } from "./burst-discord.ts";
import { openSlackCrowd } from "./burst-slack.ts";

export interface RemoteCrowd extends Crowd {
  close(): void;
}

/** A delivery that is never acknowledged ends the run then. */
const LIMIT_MS = 120_000;

const opened = z.object({
  env: z.record(z.string(), z.string()),
  accounts: z.array(z.object({ platform: z.string(), scope: z.string(), id: z.string() })),
});
const delivered = z.array(z.object({ key: z.string(), sentAt: z.number(), ackedAt: z.number().nullable() }));
const replies = z.array(z.object({ channel: z.string(), id: z.string() }));
const failed = z.object({ failed: z.string() });

type Asked =
  | { readonly kind: "open" | "replies" }
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "play"; readonly round: Round };

export async function openCrowd(place: Place): Promise<RemoteCrowd> {
  const child = fork(import.meta.filename, [place], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ask = async (asked: Asked): Promise<unknown> => {
    child.send(asked);
    const [answer]: unknown[] = await once(child, "message", { signal: AbortSignal.timeout(LIMIT_MS) });
    const failure = failed.safeParse(answer);
    if (failure.success) throw new Error(`the crowd on ${place}: ${failure.data.failed}`);
    return answer;
  };
  return {
    ...opened.parse(await ask({ kind: "open" })),
    ready: async (url) => void (await ask({ kind: "ready", url })),
    play: async (round) => delivered.parse(await ask({ kind: "play", round })),
    replies: async () => replies.parse(await ask({ kind: "replies" })),
    close: () => void child.kill(),
  };
}

async function serve(place: Place): Promise<void> {
  const crowd = place === "Discord gateway" ? await openDiscordCrowd() : await openSlackCrowd(place);
  const answer = async (asked: Asked): Promise<object> => {
    switch (asked.kind) {
      case "open":
        return { env: crowd.env, accounts: crowd.accounts };
      case "ready":
        await crowd.ready(asked.url);
        return {};
      case "play":
        return crowd.play(asked.round);
      case "replies":
        return crowd.replies();
    }
  };
  process.on("message", (asked: Asked) => {
    answer(asked).then(
      (told) => process.send?.(told),
      (error: unknown) => process.send?.({ failed: String(error) }),
    );
  });
  process.on("disconnect", () => process.exit());
}

const [, script, place] = process.argv;
const wanted = PLACES.find((one) => one === place);
if (script === import.meta.filename && wanted) await serve(wanted);
