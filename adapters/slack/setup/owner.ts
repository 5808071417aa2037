/** Whether NOVA_OWNER names people of this workspace, and whether a message reaches the first. Called by setup.ts. */
import { z } from "zod";
import { greeted, GREETING, ill, isGreeting, ownerless, well, type SetupCheck, type SetupContext } from "#core";
import { timeOf } from "../ids.ts";
import { complaint } from "./answer.ts";
import type { Answer, Caller } from "./call.ts";
import { SLACK } from "./words.ts";

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
    yield ownerless(SLACK, `slack:${team_id}/U…`, `@${user}`);
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
  if (wasGreeted(last, bot, context.clock.now())) {
    yield greeted(SLACK, `@${user}`, "earlier", serving);
    return;
  }
  const posted = channel === undefined ? dm : await call("chat.postMessage", token, { channel, text: GREETING });
  yield channel !== undefined && posted.kind === "ok"
    ? greeted(SLACK, `@${user}`, "now", serving)
    : ill("self-test", ...complaint(posted, "a message to you", "Paste the manifest again, and reinstall the app."));
}

const history = z.object({ messages: z.array(z.looseObject({ user: z.string(), text: z.string(), ts: z.string() })) });

/** True when the last that stands there is the greeting. */
function wasGreeted(answer: Answer, bot: string, now: Date): boolean {
  const last = answer.kind === "ok" ? history.safeParse(answer.body).data?.messages[0] : undefined;
  return last?.user === bot && isGreeting(last.text, timeOf(last.ts, now), now);
}
