/** Who Nova is on Slack, asked of the platform, which tells at once whether the token is good. Made by index.ts. */
import { z } from "zod";
import { NovaError } from "#core";
import type { Called } from "./api.ts";
import { refusesToken } from "./failure.ts";

export type Self = { readonly team: string; readonly user: string; readonly bot: string | null };

export interface Identity {
  /** Asked of Slack until it has told once. Rejects when it cannot be had. */
  of(): Promise<Self>;
  /** Asks again; rejects with a `bad_config` NovaError when the token is not good, and with the signal's reason. */
  check(signal: AbortSignal): Promise<Self>;
}

const told = z.looseObject({
  team_id: z.string().min(1),
  user_id: z.string().min(1),
  bot_id: z.string().min(1).nullish(),
});

/** `ask` is the method auth.test. */
export function createIdentity(ask: (signal?: AbortSignal) => Promise<Called<unknown>>): Identity {
  let self: Self | undefined;
  let asking: Promise<Self> | undefined;

  const check = async (signal?: AbortSignal): Promise<Self> => {
    const answer = await ask(signal);
    if (answer.kind === "done") {
      const { team_id: team, user_id: user, bot_id: bot } = told.parse(answer.value);
      self = { team, user, bot: bot ?? null };
      return self;
    }
    if (refusesToken(answer))
      throw new NovaError("bad_config", `Slack refuses the bot token: ${answer.code}.`, {
        advice: "Set SLACK_BOT_TOKEN to the token of the installed app; `nova doctor` tries it.",
      });
    throw new NovaError("unavailable", `Slack did not say who Nova is there: ${answer.code}.`);
  };
  const learn = (): Promise<Self> => {
    asking ??= check().finally(() => (asking = undefined));
    return asking;
  };
  return { of: async () => self ?? learn(), check };
}
