/** How people are called, asked of Slack when one is seen first. Never holds a message up for long. Used by receive.ts. */
import { setTimeout as timer } from "node:timers/promises";
import { z } from "zod";
import type { Clock } from "#core";

export interface Names {
  /** As far as they are known in time; those that are not stay away. Never rejects. */
  of(users: readonly string[]): Promise<Readonly<Record<string, string>>>;
}

const MOST_WAIT_MS = 700;
/** After that a name is asked for anew: people change theirs. */
const KEEP_MS = 6 * 60 * 60_000;
const MOST_KEPT = 5_000;
const MOST_AT_ONCE = 4;
/** Slack did not answer, or asked for quiet: nobody is asked for as long. */
const REST_MS = 60_000;

const profile = z.looseObject({
  user: z.looseObject({
    name: z.string().nullish(),
    real_name: z.string().nullish(),
    profile: z.looseObject({ display_name: z.string().nullish(), real_name: z.string().nullish() }).nullish(),
  }),
});

/** `ask` is the method users.info. */
export function createNames(ask: (user: string) => Promise<unknown>, clock: Clock): Names {
  const kept = new Map<string, { readonly name: string; readonly until: number }>();
  const asking = new Map<string, Promise<void>>();
  let restsUntil = 0;
  const now = (): number => clock.now().getTime();
  const known = (user: string): string | undefined => {
    const found = kept.get(user);
    return found && found.until > now() ? found.name : undefined;
  };

  const learn = async (user: string): Promise<void> => {
    try {
      const { user: told } = profile.parse(await ask(user));
      const name = told.profile?.display_name || told.real_name || told.profile?.real_name || told.name;
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value ?? "");
      if (name) kept.set(user, { name, until: now() + KEEP_MS });
    } catch {
      // Without it the account's id is shown.
      restsUntil = now() + REST_MS;
    } finally {
      asking.delete(user);
    }
  };

  return {
    async of(users) {
      const open = users.filter((user) => known(user) === undefined);
      for (const user of open)
        if (!asking.has(user) && asking.size < MOST_AT_ONCE && now() >= restsUntil) asking.set(user, learn(user));
      const awaited = open.flatMap((user) => asking.get(user) ?? []);
      if (awaited.length > 0) {
        const late = new AbortController();
        const timeUp = timer(MOST_WAIT_MS, undefined, { signal: late.signal, ref: false }).catch(() => undefined);
        await Promise.race([Promise.all(awaited), timeUp]);
        late.abort();
      }
      return Object.fromEntries(
        users.flatMap((user) => {
          const name = known(user);
          return name === undefined ? [] : [[user, name]];
        }),
      );
    },
  };
}
