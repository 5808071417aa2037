/** What `nova init slack` tells and tries. Found by index.ts. */
import { createHmac } from "node:crypto";
import { z } from "zod";
import type { AdapterSetup, SetupCheck, SetupContext } from "#core";
import { EVENTS_PATH, manifestFor, SCOPES, type Mode } from "./manifest.ts";
import { SLACK_API } from "./settings.ts";
import { createCaller, type Answer, type Caller } from "./setup-call.ts";
import { guideLines, MISSING } from "./setup-words.ts";
import { greet } from "./setup-socket.ts";

export const setup: AdapterSetup = {
  guide(context) {
    const mode = modeIn(context) ?? "socket";
    return {
      lines: guideLines(mode),
      paste: JSON.stringify(manifestFor(mode, context.publicUrl), null, 2),
    };
  },
  check,
};

const modeIn = ({ env }: SetupContext): Mode | undefined => {
  const mode = env["SLACK_MODE"] ?? "socket";
  return mode === "socket" || mode === "http" ? mode : undefined;
};

const well = (name: string, detail: string): SetupCheck => ({ name, ok: true, detail, remedy: "" });
const ill = (name: string, detail: string, remedy: string): SetupCheck => ({ name, ok: false, detail, remedy });

async function* check(context: SetupContext): AsyncIterable<SetupCheck> {
  const { env } = context;
  const mode = modeIn(context);
  if (!mode) return yield ill("SLACK_MODE", "It is neither socket nor http.", "Unset it, or set it to one of them.");
  const missing = missingIn(env, mode);
  yield* missing;
  if (missing.length > 0) return;

  const call = createCaller(env["SLACK_API_URL"] ?? SLACK_API, context.signal);
  const bot = env["SLACK_BOT_TOKEN"] ?? "";
  const answered = await call("auth.test", bot);
  const known = answered.kind === "ok" ? identity.safeParse(answered.body).data : undefined;
  if (!known) return yield ill("bot token", ...complaint(answered, "SLACK_BOT_TOKEN", MISSING.SLACK_BOT_TOKEN));
  yield well("bot token", `It is @${known.user} of ${known.team} (${known.team_id}).`);

  const scopes = lacking(answered);
  yield scopes;
  if (!scopes.ok) return;

  const way = mode === "socket" ? await socketCheck(context, call) : await addressCheck(context);
  yield way;
  if (!way.ok) return;
  yield* ownerChecks(context, known, call);
}

const identity = z.object({ team: z.string(), team_id: z.string(), user: z.string(), user_id: z.string() });
type Identity = z.infer<typeof identity>;

function missingIn(env: SetupContext["env"], mode: Mode): readonly SetupCheck[] {
  const needed = ["SLACK_BOT_TOKEN", mode === "socket" ? "SLACK_APP_TOKEN" : "SLACK_SIGNING_SECRET"] as const;
  return needed.flatMap((name) => {
    const value = env[name];
    if (value === undefined) return [ill(name, "It is not set.", MISSING[name])];
    const prefix = PREFIXES[name];
    if (prefix !== null && !value.startsWith(prefix))
      return [ill(name, `It holds something else: this token begins with ${prefix}.`, MISSING[name])];
    return [];
  });
}

const PREFIXES = { SLACK_BOT_TOKEN: "xoxb-", SLACK_APP_TOKEN: "xapp-", SLACK_SIGNING_SECRET: null } as const;

/** Detail and remedy for an answer that is none. */
function complaint(answer: Answer, name: string, where: string): [detail: string, remedy: string] {
  if (answer.kind === "away")
    return [
      `Slack did not answer (${answer.why}).`,
      "Check that this machine may reach slack.com over HTTPS, and SLACK_API_URL if it is set.",
    ];
  if (answer.kind === "ok")
    return ["Slack's answer could not be read.", "Check SLACK_API_URL; unset it for Slack itself."];
  if (answer.error === "ratelimited") return ["Slack asks for a pause.", "Run this again in a minute."];
  if (answer.error === "missing_scope")
    return [`${name} lacks the scope ${answer.needed ?? "that this needs"}.`, where];
  return [`Slack refuses ${name} (${answer.error}).`, where];
}

function lacking(answer: Answer): SetupCheck {
  const has = answer.kind === "ok" ? answer.scopes : null;
  if (has === null) return well("scopes", "Slack did not tell which ones the token has.");
  const lacks = SCOPES.filter((scope) => !has.includes(scope));
  if (lacks.length === 0) return well("scopes", `All ${SCOPES.length} are granted.`);
  return ill(
    "scopes",
    `The token lacks ${lacks.join(", ")}.`,
    "At https://api.slack.com/apps choose the app, App Manifest: paste the manifest again and save. Then Install App, Reinstall.",
  );
}

const opened = z.object({ url: z.string() });

async function socketCheck({ env, signal, mayWrite }: SetupContext, call: Caller): Promise<SetupCheck> {
  const answer = await call("apps.connections.open", env["SLACK_APP_TOKEN"] ?? "");
  const url = answer.kind === "ok" ? opened.safeParse(answer.body).data?.url : undefined;
  if (url === undefined) return ill("app token", ...complaint(answer, "SLACK_APP_TOKEN", MISSING.SLACK_APP_TOKEN));
  if (!mayWrite) return well("app token", "Slack opens connections for it.");
  const greeting = await greet(url, signal);
  signal.throwIfAborted();
  if (greeting.kind === "hello") return well("connection", "Slack says hello over Socket Mode.");
  return greeting.why === "link_disabled"
    ? ill("connection", "Socket Mode is off for this app.", "In the app's settings choose Socket Mode, and enable it.")
    : ill(
        "connection",
        `Slack did not say hello: ${greeting.why}.`,
        "Check that this machine may open WebSockets to wss://wss-primary.slack.com, also through its proxy.",
      );
}

/** What Slack would post: only who knows the secret is answered. */
async function addressCheck({ env, publicUrl, serving, clock, signal }: SetupContext): Promise<SetupCheck> {
  const url = `${publicUrl}${EVENTS_PATH}`;
  if (env["SLACK_API_URL"] === undefined && !url.startsWith("https://"))
    return ill(
      "address",
      `Slack posts to HTTPS only, and Nova's address is ${publicUrl}.`,
      "Set NOVA_PUBLIC_URL to the https:// address at which the internet reaches this Nova, or unset SLACK_MODE.",
    );
  if (!serving) return well("address", `${url} is tried when Nova runs: start it, and run this again.`);
  const body = JSON.stringify({ type: "url_verification", challenge: "nova-init" });
  const stamp = String(Math.floor(clock.now().getTime() / 1_000));
  const signature = createHmac("sha256", env["SLACK_SIGNING_SECRET"] ?? "")
    .update(`v0:${stamp}:${body}`)
    .digest("hex");
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-slack-request-timestamp": stamp,
      "x-slack-signature": `v0=${signature}`,
    },
    body,
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  }).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    () => undefined, // Told below, whatever it was.
  );
  signal.throwIfAborted();
  if (!answer)
    return ill(
      "address",
      `${url} does not answer.`,
      "Check NOVA_PUBLIC_URL, and the proxy or tunnel in front of Nova.",
    );
  if (answer.status === 401)
    return ill("address", "Nova refuses a request that this secret signed.", "Restart Nova: it runs with another one.");
  if (answer.status !== 200 || !answer.text.includes("nova-init"))
    return ill(
      "address",
      `${url} answers with status ${answer.status}, and not as Nova does.`,
      "Check that NOVA_PUBLIC_URL leads to this Nova, and that it runs with slack in NOVA_ADAPTERS.",
    );
  return well("address", `${url} takes signed requests.`);
}

const person = z.object({
  user: z.object({ deleted: z.boolean().default(false), is_bot: z.boolean().default(false) }),
});
const direct = z.object({ channel: z.object({ id: z.string() }) });

async function* ownerChecks(
  context: SetupContext,
  { team_id, user }: Identity,
  call: Caller,
): AsyncIterable<SetupCheck> {
  const { owners, env, mayWrite } = context;
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
  const posted = channel === undefined ? dm : await call("chat.postMessage", token, { channel, text: HELLO });
  yield channel !== undefined && posted.kind === "ok"
    ? well("self-test", `@${user} wrote to you in Slack. Start Nova, and answer there.`)
    : ill("self-test", ...complaint(posted, "a message to you", "Paste the manifest again, and reinstall the app."));
}

const HELLO = "Nova can write here. Answer me as soon as it runs, and I answer you.";
