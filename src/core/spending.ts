/** What calls of models cost: reserved before a call, settled after it, counted per call, agent and day (UTC). */
import type { AgentId, CallId, TenantId, TurnId } from "./ids.ts";
import type { Person } from "./person.ts";
import type { Place, Scope } from "./scope.ts";

export type Tokens = { readonly input: number; readonly output: number };

/** Most that a day may cost the whole tenant. Money in millionths of a US dollar, always whole. */
export type Cap =
  | { readonly kind: "money"; readonly micros: number }
  | { readonly kind: "tokens"; readonly tokens: number };

const MONEY = /^(?:\$\s*(\d{1,7}(?:\.\d{1,6})?)|(\d{1,7}(?:\.\d{1,6})?)(?:\s*USD)?)$/i;
const TOKENS = /^(\d{1,12})\s*tokens?$/i;

/** Reads `5`, `$5`, `5 USD` or `200000 tokens`; undefined for anything else. */
export function readCap(text: string): Cap | undefined {
  const dollars = MONEY.exec(text);
  if (dollars) return { kind: "money", micros: Math.round(Number(dollars[1] ?? dollars[2]) * 1e6) };
  const tokens = TOKENS.exec(text);
  return tokens ? { kind: "tokens", tokens: Number(tokens[1]) } : undefined;
}

export type CallAsk = {
  readonly turn: TurnId;
  readonly person: Person;
  readonly where: Place;
  readonly agent: AgentId;
  readonly model: string;
  /** The most that the call can use: what is sent, by Nova's own count, and the limit that the provider is told for the answer. */
  readonly most: Tokens;
  /** What `most` would cost in millionths of a US dollar; null when nobody told what the model costs. */
  readonly micros: number | null;
  /** Most that this agent may cost the whole tenant on one day; null: as much as the day's own cap leaves. */
  readonly ownCap: Cap | null;
};

export type Reserved =
  | { readonly kind: "reserved"; readonly call: CallId }
  /** A cap of the day, everybody's or the agent's own, would be passed: the model is not asked. */
  | { readonly kind: "refused"; readonly cap: Cap; readonly whose: "everybody" | "agent" };

/** A call that has ended, retries that cost nothing included: what it used, once. One that may have cost is a call of its own. */
export type ModelCall = {
  readonly call: CallId;
  readonly agent: AgentId;
  readonly model: string;
  /** Zero for a call that the provider refused before it did anything. */
  readonly tokens: Tokens;
  readonly micros: number | null;
  /** Reported by the provider, or counted by Nova, where the provider did not come to say it. */
  readonly counted: "reported" | "estimated";
  readonly outcome: "answered" | "failed";
};

export type SpentOn = {
  readonly calls: number;
  readonly tokens: Tokens;
  /** Of the calls whose price is known. */
  readonly micros: number;
  /** Calls whose price nobody told. */
  readonly unpriced: number;
};

export type DaySpent = {
  /** Midnight UTC. */
  readonly day: Date;
  readonly total: SpentOn;
  readonly byAgent: readonly (SpentOn & { readonly agent: AgentId })[];
  readonly byModel: readonly (SpentOn & { readonly model: string })[];
};

/** What a tenant's calls of today come to, whoever made them: what a cap is measured against. */
export type Today = {
  /** Midnight UTC. */
  readonly day: Date;
  readonly ended: { readonly tokens: number; readonly micros: number };
  /** The most that calls under way may come to, and those of processes that died in the middle of one. */
  readonly reserved: { readonly tokens: number; readonly micros: number };
};

export interface Spending {
  /** What a day may cost; null: as much as it comes to. */
  readonly cap: Cap | null;
  /**
   * Together with the day's sum, so that calls at the same moment cannot pass the cap together. Under a cap in money a
   * call of unknown price is refused. Throws DatabaseAway when the database fails for now; nothing is reserved then.
   */
  reserve(ask: CallAsk): Promise<Reserved>;
  /** Notes what calls came to, whose turn does not settle them itself. A second time is no second count. */
  settle(person: Person, calls: readonly ModelCall[]): Promise<void>;
  /** Of the whole tenant: sums that tell nobody's calls apart. */
  today(tenant: TenantId): Promise<Today>;
  /** What ended of the latest `most` days, today included, within a scope, the newest first; days without calls are left out. */
  days(scope: Scope, most: number): Promise<readonly DaySpent[]>;
}

/** So much of a cap's use is told the owner before it is all used up. */
export const WARNED_AT = 0.8;

/** In the cap's own unit, never below zero. */
export function leftOf(cap: Cap, { ended, reserved }: Pick<Today, "ended" | "reserved">): number {
  const [most, used] =
    cap.kind === "money" ? [cap.micros, ended.micros + reserved.micros] : [cap.tokens, ended.tokens + reserved.tokens];
  return Math.max(0, most - used);
}
