/** Whether NOVA_OWNER names people of this workspace, and whether a message reaches the first. Called by setup.ts. */
import { z } from "zod";
import type { SetupCheck, SetupContext } from "#core";
import { complaint, ill, well } from "./answer.ts";
import type { Answer, Caller } from "./call.ts";

/** Whom the bot token belongs to. */
export const identity = z.object({ team: z.string(), team_id: z.string(), user: z.string(), user_id: z.string() });
type Identity = z.infer<typeof identity>;

const person = z.object({
  user: z.object({ deleted: z.boolean().default(false), is_bot: z.boolean().default(false) }),
});
const direct = z.object({ channel: z.object({ id: z.string() }) });

export async function* ownerChecks(
  context: SetupContext,
  { team_id, user, user_id: bot }: Identity,
  call: Caller,
): AsyncIterable<SetupCheck> {
  const { owners, env, mayWrite, serving } = context;
  const token = env["SLACK_BOT_TOKEN"] ?? "";
  const [first] = owners;
  if (!first) {
    const write = `Write to @${user} in Slack: it answers with what to do.`;
    yield well("owner", `NOVA_OWNER names no account here (it would be slack:${team_id}/U…). ${write}`);
    return;
  }
  for (const { scope, id } of owners) {
    const name = `slack:${scope}/${id}`;
    const found = scope === team_id ? await call("users.info", token, { user: id }) : undefined;
    const known = found?.kind === "ok" ? person.safeParse(found.body).data : undefined;
    if (!known || known.user.deleted || known.user.is_bot) {
      const what = found ? "is no person of this workspace" : `is of another workspace; this one is ${team_id}`;
      yield ill(
        "owner",
        `${name} in NOVA_OWNER ${what}.`,
        `In Slack: your profile, the three dots, Copy member ID. Then set NOVA_OWNER=slack:${team_id}/<member ID>.`,
      );
      return;
    }
  }
  yield well(
    "owner",
    `${owners.map(({ id }) => id).join(", ")} of NOVA_OWNER ${owners.length > 1 ? "are" : "is"} here.`,
  );
  if (!mayWrite) return;

  const dm = await call("conversations.open", token, { users: first.id });
  const channel = dm.kind === "ok" ? direct.safeParse(dm.body).data?.channel.id : undefined;
  const last = channel === undefined ? dm : await call("conversations.history", token, { channel, limit: "1" });
  if (saidLately(last, bot, context.clock.now())) {
    yield well("self-test", `@${user} wrote to you earlier. ${serving ? "Answer" : "Start Nova, and answer"} there.`);
    return;
  }
  const posted = channel === undefined ? dm : await call("chat.postMessage", token, { channel, text: HELLO });
  yield channel !== undefined && posted.kind === "ok"
    ? well("self-test", `@${user} wrote to you in Slack. ${serving ? "Answer" : "Start Nova, and answer"} there.`)
    : ill("self-test", ...complaint(posted, "a message to you", "Paste the manifest again, and reinstall the app."));
}

const DAY_S = 24 * 60 * 60;
const history = z.object({ messages: z.array(z.looseObject({ user: z.string(), text: z.string(), ts: z.string() })) });

/** True when the last that stands there is this very message, of today: it is run again and again. */
function saidLately(answer: Answer, bot: string, now: Date): boolean {
  const last = answer.kind === "ok" ? history.safeParse(answer.body).data?.messages[0] : undefined;
  if (last?.user !== bot || last.text !== HELLO) return false;
  return now.getTime() / 1_000 - Number(last.ts) < DAY_S;
}

const HELLO = "Nova can write here. Answer me as soon as it runs, and I answer you.";
