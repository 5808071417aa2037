/** The name of this channel, and accounts and ids as it has them. */
import { z } from "zod";
import { EVERYWHERE_SCOPE, type ExternalId } from "#core";

export const PLATFORM = "discord";

/** Ids of Discord's: numbers too large for a number. */
export const snowflake = z.string().regex(/^\d{1,20}$/, "must be a number of up to 20 digits");

/** Discord's ids hold their time and count from here. */
export const EPOCH = 1_420_070_400_000n;

/** Every id that is given later is larger. */
export const snowflakeAt = (time: Date): bigint => {
  const since = BigInt(time.getTime()) - EPOCH;
  return since > 0n ? since << 22n : 0n;
};

/** A person is the same in every guild. */
export const senderOf = (user: string): ExternalId => ({ platform: PLATFORM, scope: EVERYWHERE_SCOPE, id: user });

/** The root of a conversation that is for one user's eyes alone, in a place that others read. No other has a root. */
export const rootFor = (user: string): string => `@${user}`;

/** For whose eyes alone it is; null where it is for all who read there. */
export const userOf = (root: string | null): string | null => (root?.startsWith("@") ? root.slice(1) : null);

export const account = z.object({
  id: snowflake,
  username: z.string(),
  global_name: z.string().nullish(),
  bot: z.boolean().optional(),
});
export type Account = z.infer<typeof account>;

export const nameOf = ({ username, global_name: shown }: Account): string => shown ?? username;
