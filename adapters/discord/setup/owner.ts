/** Whether NOVA_OWNER names accounts of Discord, and whether a message reaches the first. Called by setup.ts. */
import { z } from "zod";
import { greeted, GREETING, ill, isGreeting, ownerless, well, type SetupCheck, type SetupContext } from "#core";
import type { Rest } from "../rest.ts";
import { complaint, read } from "./answer.ts";
import { DISCORD } from "./words.ts";

const channel = z.object({ id: z.string() });

export async function* ownerChecks(context: SetupContext, bot: string, rest: Rest): AsyncIterable<SetupCheck> {
  const { owners, mayWrite, serving, signal } = context;
  const [first] = owners;
  if (!first) {
    yield ownerless(DISCORD, "discord:<user ID>", bot);
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
  const [newest] = read(last, messages) ?? [];
  if (newest && isGreeting(newest.content, new Date(newest.timestamp), context.clock.now())) {
    yield greeted(DISCORD, bot, "earlier", serving);
    return;
  }
  const said = direct
    ? await rest.call({ method: "POST", route: `/channels/${direct.id}/messages`, body: HELLO }, signal)
    : dm;
  yield said.kind === "done"
    ? greeted(DISCORD, bot, "now", serving)
    : ill(
        "self-test",
        ...complaint(
          said,
          `a message to ${first.id}`,
          "Share a server with the bot, and allow direct messages of its members; check that this is your user ID.",
        ),
      );
}

const messages = z.array(z.looseObject({ content: z.string(), timestamp: z.string() }));

const HELLO = { content: GREETING, allowed_mentions: { parse: [] } };
