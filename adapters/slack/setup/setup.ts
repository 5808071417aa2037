/** What `nova init slack` tells and tries. Found by index.ts. */
import {
  canBePostedTo,
  ill,
  malformedIn,
  unknownMode,
  unposted,
  well,
  type AdapterSetup,
  type SetupCheck,
  type SetupContext,
} from "#core";
import { settings, SLACK_API } from "../settings.ts";
import { addressCheck } from "./address.ts";
import { complaint } from "./answer.ts";
import { createCaller, type Answer } from "./call.ts";
import { manifestFor, SCOPES, type Mode } from "./manifest.ts";
import { identity, ownerChecks } from "./owner.ts";
import { socketCheck } from "./socket.ts";
import { guideLines, MISSING, SLACK } from "./words.ts";

export const setup: AdapterSetup = {
  guide(context) {
    const mode = modeIn(context) ?? "socket";
    const hasAddress = mode === "socket" || canBePostedTo(SLACK, context);
    return {
      lines: guideLines(mode, context.env, hasAddress),
      paste: hasAddress ? JSON.stringify(manifestFor(mode, context.publicUrl), null, 2) : null,
    };
  },
  check,
};

const modeIn = ({ env }: SetupContext): Mode | undefined => {
  const mode = env["SLACK_MODE"] ?? "socket";
  return mode === "socket" || mode === "http" ? mode : undefined;
};

async function* check(context: SetupContext): AsyncIterable<SetupCheck> {
  const { env } = context;
  const mode = modeIn(context);
  if (!mode) return yield unknownMode(SLACK, ["socket", "http"], env["SLACK_MODE"]);
  const wrong = [
    ...missingIn(env, mode),
    ...malformedIn(settings, env).map(malformed),
    ...(mode === "socket" || canBePostedTo(SLACK, context) ? [] : [unposted(SLACK, context)]),
  ];
  yield* wrong;
  if (wrong.length > 0) return;

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

function missingIn(env: SetupContext["env"], mode: Mode): readonly SetupCheck[] {
  const needed = ["SLACK_BOT_TOKEN", mode === "socket" ? "SLACK_APP_TOKEN" : "SLACK_SIGNING_SECRET"] as const;
  return needed.filter((name) => env[name] === undefined).map((name) => ill(name, "It is not set.", MISSING[name]));
}

function malformed({ name, message }: { readonly name: string; readonly message: string }): SetupCheck {
  const other = { SLACK_BOT_TOKEN: "SLACK_APP_TOKEN", SLACK_APP_TOKEN: "SLACK_BOT_TOKEN" }[name];
  if (other !== undefined && message.includes("exchanged"))
    return ill(name, `It ${message}.`, `Give the value of ${name} to ${other}, and the other way round.`);
  return ill(name, `It ${message}.`, Object.entries(MISSING).find(([each]) => each === name)?.[1] ?? "Correct it.");
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
