/** Whether NOVA_OWNER names accounts of Discord, and whether a message reaches the first. Called by setup.ts. */
import { z } from "zod";
import type { SetupCheck, SetupContext } from "#core";
import type { Rest } from "../rest.ts";
import { complaint, ill, read, well } from "./answer.ts";

const channel = z.object({ id: z.string() });

export async function* ownerChecks(context: SetupContext, bot: string, rest: Rest): AsyncIterable<SetupCheck> {
  const { owners, mayWrite, serving, signal } = context;
  const [first] = owners;
  if (!first) {
    yield well(
      "owner",
      `NOVA_OWNER names no account here (discord:<user ID>). Write to ${bot} in Discord: it answers.`,
    );
    return;
  }
  const wrong = owners.find(({ id }) => !/^\d{15,20}$/.test(id));
  if (wrong) {
    const where = "In Discord: Settings, Advanced, Developer Mode; then right-click your name, Copy User ID.";
    yield ill("owner", `discord:${wrong.id} in NOVA_OWNER is no user ID: it is a number.`, where);
    return;
  }
  if (!mayWrite) return yield well("owner", `NOVA_OWNER names ${owners.map(({ id }) => id).join(", ")}.`);

  const body = { recipient_id: first.id };
  const dm = await rest.call({ method: "POST", route: "/users/@me/channels", body }, signal);
  const direct = read(dm, channel);
  const last = direct
    ? await rest.call({ method: "GET", route: `/channels/${direct.id}/messages`, query: { limit: "1" } }, signal)
    : dm;
  if (saidLately(read(last, messages)?.[0], context.clock.now())) {
    yield well("self-test", `${bot} wrote to you earlier. ${serving ? "Answer" : "Start Nova, and answer"} there.`);
    return;
  }
  const said = direct
    ? await rest.call({ method: "POST", route: `/channels/${direct.id}/messages`, body: HELLO }, signal)
    : dm;
  yield said.kind === "done"
    ? well("self-test", `${bot} wrote to you in Discord. ${serving ? "Answer" : "Start Nova, and answer"} there.`)
    : ill(
        "self-test",
        ...complaint(
          said,
          `a message to ${first.id}`,
          "Share a server with the bot, and allow direct messages of its members; check that this is your user ID.",
        ),
      );
}

const DAY_MS = 24 * 60 * 60_000;
const messages = z.array(z.looseObject({ content: z.string(), timestamp: z.string() }));

/** True when the last that stands there is this very message, of today: it is run again and again. */
const saidLately = (last: { readonly content: string; readonly timestamp: string } | undefined, now: Date): boolean =>
  last?.content === HELLO.content && now.getTime() - Date.parse(last.timestamp) < DAY_MS;

const HELLO = {
  content: "Nova can write here. Answer me as soon as it runs, and I answer you.",
  allowed_mentions: { parse: [] },
};
