/** Connects: registers the commands, and holds the gateway unless interactions come by HTTP. Called by index.ts. */
import { once } from "node:events";
import { setTimeout as timer } from "node:timers/promises";
import { NovaError, type Log } from "#core";
import type { Rest } from "../rest.ts";
import { holdGateway, type GatewayDeps } from "./gateway.ts";
import { register } from "./register.ts";

export type ListenDeps = {
  readonly rest: Rest;
  readonly application: string;
  readonly log: Log;
  /** Null: interactions come by HTTP, and Discord sends none here then. */
  readonly gateway: GatewayDeps | null;
  /** How often Discord is asked whether it still takes the token. */
  readonly proofMs?: number;
};

const PROOF_MS = 5 * 60_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

export async function listen(deps: ListenDeps, signal: AbortSignal, up: () => void): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const registering = keepRegistered(deps, either);
  const proving = keepProved(deps, either);
  try {
    if (deps.gateway) return await Promise.race([holdGateway(deps.gateway, either, up), failing(registering)]);
    // Posts are served with the public port, whether or not the commands are registered already.
    up();
    await registering;
    if (signal.aborted) return;
    await once(signal, "abort");
  } finally {
    over.abort();
    await registering.catch(() => undefined);
    await proving;
  }
}

/** Asks so often whether Discord still takes the token that health is never without a recent word of it. */
async function keepProved({ rest, proofMs = PROOF_MS }: ListenDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await timer(proofMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (!signal.aborted) await rest.call({ method: "GET", route: "/users/@me" }, signal);
  }
}

/** Until it is done once; a wrong token ends the channel, all else is tried again. */
async function keepRegistered({ rest, application, log, gateway }: ListenDeps, signal: AbortSignal): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 3, LONGEST_PAUSE_MS)) {
    const done = await register({ rest, application }, signal);
    if (done.kind !== "failed") return log.info("discord.commands", { state: done.kind });
    if (signal.aborted) return;
    const { answer, code } = done;
    log.warn("discord.commands_not_registered", { code });
    if (answer.kind === "refused" && answer.status === 401) throw refused("token", "DISCORD_TOKEN");
    const isOther = answer.kind === "refused" && (answer.status === 403 || answer.status === 404);
    // What is connected is heard all the same; without commands only posts have no purpose.
    if (isOther && !gateway) throw refused("application", "DISCORD_APPLICATION_ID");
    const wait = answer.kind === "later" ? answer.afterMs : pause;
    await timer(wait, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

const refused = (what: string, setting: string): NovaError =>
  new NovaError("bad_config", `Discord refuses the bot's ${what}.`, {
    advice: `Set ${setting} to what the application's page shows and restart Nova.`,
  });

/** Never resolves: only a failure counts. */
async function failing(work: Promise<void>): Promise<void> {
  await work;
  await new Promise<never>(() => undefined);
}
