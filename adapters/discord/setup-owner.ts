/** Whether NOVA_OWNER names accounts of Discord, and whether a message reaches the first. Called by setup.ts. */
import { z } from "zod";
import type { SetupCheck, SetupContext } from "#core";
import type { Rest } from "./rest.ts";
import { complaint, ill, read, well } from "./setup-answer.ts";

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

const HELLO = {
  content: "Nova can write here. Answer me as soon as it runs, and I answer you.",
  allowed_mentions: { parse: [] },
};
