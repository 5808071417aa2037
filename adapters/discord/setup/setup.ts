/** What `nova init discord` tells and tries. Found by index.ts. */
import { z } from "zod";
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
import { register } from "../doors/register.ts";
import { COMMANDS } from "../inbound/commands.ts";
import { createRest, DISCORD_API, type Rest } from "../rest.ts";
import { settings } from "../settings.ts";
import { complaint, read } from "./answer.ts";
import { accountLink, serverLink } from "./invite.ts";
import { ownerChecks } from "./owner.ts";
import { addressCheck, application, endpointCheck, gatewayCheck, type Application } from "./way.ts";
import { DISCORD, ENDPOINT_PLACE, guideLines, MISSING, type Mode } from "./words.ts";

export const setup: AdapterSetup = {
  guide({ env }) {
    const application = env["DISCORD_APPLICATION_ID"];
    const lines = guideLines(
      modeIn(env) ?? "gateway",
      env,
      application === undefined ? null : accountLink(application),
    );
    return { lines, paste: application === undefined ? null : serverLink(application) };
  },
  check,
};

function modeIn(env: SetupContext["env"]): Mode | undefined {
  const mode = env["DISCORD_MODE"] ?? "gateway";
  return mode === "gateway" || mode === "http" ? mode : undefined;
}

async function* check(context: SetupContext): AsyncIterable<SetupCheck> {
  const { env, clock, signal } = context;
  const mode = modeIn(env);
  if (!mode) return yield unknownMode(DISCORD, ["gateway", "http"], env["DISCORD_MODE"]);
  const wrong = [
    ...missingIn(env, mode),
    ...malformedIn(settings, env).map(({ name, message }) => ill(name, `It ${message}.`, remedyFor(name))),
    ...(mode === "gateway" || canBePostedTo(DISCORD, context) ? [] : [unposted(DISCORD, context)]),
  ];
  yield* wrong;
  if (wrong.length > 0) return;

  const token = env["DISCORD_TOKEN"] ?? "";
  const rest = createRest({ token, api: env["DISCORD_API_URL"] ?? DISCORD_API, clock });
  const asked = await rest.call({ method: "GET", route: "/users/@me" }, signal);
  const bot = read(asked, account);
  if (!bot) return yield ill("token", ...complaint(asked, "DISCORD_TOKEN", MISSING.DISCORD_TOKEN));
  yield well("token", `It is the bot ${bot.username} (${bot.id}).`);

  const answer = await rest.call({ method: "GET", route: "/applications/@me" }, signal);
  const app = read(answer, application);
  if (!app) return yield ill("application", ...complaint(answer, "to tell the application", MISSING.DISCORD_TOKEN));
  const own = applicationCheck(app, env, mode);
  yield own;
  if (!own.ok) return;
  const commands = await commandsCheck(context, rest);
  yield commands;
  if (!commands.ok) return;
  const ways =
    mode === "gateway"
      ? [() => gatewayCheck(context, rest)]
      : [() => addressCheck(context), () => endpointCheck(app, context)];
  for (const tryWay of ways) {
    const way = await tryWay();
    yield way;
    if (!way.ok) return;
  }
  yield* ownerChecks(context, bot.username, rest);
}

const account = z.object({ id: z.string(), username: z.string() });

function missingIn(env: SetupContext["env"], mode: Mode): readonly SetupCheck[] {
  const needed = ["DISCORD_TOKEN", "DISCORD_APPLICATION_ID"] as const;
  return [...needed, ...(mode === "http" ? (["DISCORD_PUBLIC_KEY"] as const) : [])]
    .filter((name) => env[name] === undefined)
    .map((name) => ill(name, "It is not set.", MISSING[name]));
}

const remedyFor = (name: string): string =>
  Object.entries(MISSING).find(([each]) => each === name)?.[1] ?? "Correct it.";

function applicationCheck(app: Application, env: SetupContext["env"], mode: Mode): SetupCheck {
  const name = "application";
  if (app.id !== env["DISCORD_APPLICATION_ID"])
    return ill(name, `The token is of application ${app.id}.`, `Set DISCORD_APPLICATION_ID=${app.id}.`);
  if (mode === "gateway" && app.endpoint !== null)
    return ill(
      name,
      `Discord posts its commands to ${app.endpoint} instead of the gateway.`,
      `${ENDPOINT_PLACE}: empty it and save, or set DISCORD_MODE=http.`,
    );
  if (mode === "http" && app.key.toLowerCase() !== env["DISCORD_PUBLIC_KEY"]?.toLowerCase())
    return ill(name, "DISCORD_PUBLIC_KEY is not the key of this application.", MISSING.DISCORD_PUBLIC_KEY);
  return well(name, `It is ${app.name} (${app.id}).`);
}

/** Written only when Discord knows another set, and by the doctor never. */
async function commandsCheck({ env, mayWrite, signal }: SetupContext, rest: Rest): Promise<SetupCheck> {
  const name = "commands";
  const count = COMMANDS.length;
  const done = await register({ rest, application: env["DISCORD_APPLICATION_ID"] ?? "", mayWrite }, signal);
  switch (done.kind) {
    case "unchanged":
      return well(name, `All ${count} are registered already; unchanged.`);
    case "differs":
      return well(name, "Discord knows another set; the next start registers it.");
    case "written":
      return well(name, `Registered ${count} commands: ${COMMANDS.map((each) => `/${each.name}`).join(", ")}.`);
    case "failed":
      return ill(name, ...complaint(done.answer, "to register the commands", MISSING.DISCORD_APPLICATION_ID));
  }
}
