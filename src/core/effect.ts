/**
 * An effect: a change outside Nova's own turn. What may be proposed is a file in agents/effects; what carries it out is a
 * file in src/effects, which the executor alone opens. Both are found by the same verb.
 */
import type { z } from "zod";
import type { StepAsk } from "./ask.ts";
import type { Clock } from "./clock.ts";
import type { BranchId, PersonId, ProjectId, TenantId } from "./ids.ts";
import type { JsonObject } from "./json.ts";
import type { Person } from "./person.ts";
import type { Agenda } from "./schedule.ts";
import type { Place } from "./scope.ts";
import type { Stakes, Taint } from "./trust.ts";

/** What is decided on and carried out: bound by code, stored, and never read from a model again. */
export type Effect = {
  /** snake_case, unique over all effects. */
  readonly verb: string;
  /** Canonical: ids where the model wrote names, absolute times where it wrote "tomorrow". */
  readonly args: JsonObject;
  readonly tenant: TenantId;
  /** On whose behalf. */
  readonly person: PersonId;
  readonly project: ProjectId | null;
  readonly branch: BranchId | null;
};

/** Whose rows a change is made in, and in which place. Person null: rows that the whole tenant shares. */
export type Landing = {
  readonly tenant: TenantId;
  readonly person: PersonId | null;
  readonly project: ProjectId | null;
  readonly branch: BranchId | null;
};

/** Undefined when the verb's own code fails over what is stored: then it lands nowhere that anybody could vouch for. */
export function landingOf(effect: Effect, definition: Pick<EffectDefinition, "lands">): Landing | undefined {
  const { tenant, person, project, branch, args } = effect;
  try {
    return { tenant, person, project, branch, ...definition.lands?.(args) };
  } catch {
    return undefined;
  }
}

/** A line of a card, written by code from the stored effect. */
export type CardLine = {
  readonly label: string;
  readonly value: string;
  /** The field of the input that a person may change, where one may. */
  readonly field?: string;
  /** Nothing of it is left out below 4,000 characters: whoever decides has to read all of it. */
  readonly whole?: boolean;
};

export type Bound =
  | {
      readonly kind: "bound";
      readonly args: JsonObject;
      /**
       * Where it goes, in every form in which a person may have written it: a name, an address, a host. Empty: nowhere but to
       * the person themselves. When none of them stands in the person's own words, a person has to look.
       */
      readonly destinations: readonly string[];
      /** Raises the verb's own stakes; lower ones are ignored. */
      readonly stakes?: Stakes;
      /** The words by which an existing row was found: whoever says them names where it is, too. */
      readonly named?: readonly string[];
    }
  | { readonly kind: "unclear"; readonly question: string; readonly options: readonly string[] }
  | { readonly kind: "refused"; readonly reason: string };

/** Whom a person may reach, by the names that they are known by. */
export interface Destinations {
  /** People and projects of the tenant, shared places that somebody has named, and receivers. Compared without case. */
  find(name: string): Promise<readonly Destination[]>;
  /** Names, for a question; of one kind, where it is named. */
  names(kind?: Destination["kind"]): Promise<readonly string[]>;
}

export type Destination =
  /** `on`: the platform where they are told unasked; null: nowhere. */
  | { readonly kind: "person"; readonly person: Person; readonly on: string | null }
  | { readonly kind: "place"; readonly id: string; readonly name: string; readonly on: string }
  | { readonly kind: "receiver"; readonly id: string; readonly name: string; readonly host: string }
  | { readonly kind: "project"; readonly id: ProjectId; readonly name: string };

/** Ports bound to the person of the run; reads only. */
export type BindContext = {
  readonly ask: Pick<StepAsk, "person" | "words" | "own" | "now" | "said" | "origin">;
  readonly where: Place;
  readonly destinations: Destinations;
  /** IANA name, for instance `Europe/Berlin`. */
  readonly timeZone: string;
  /** The person's own reminders and schedules. */
  readonly agenda: Agenda;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When somebody changes what waits for a decision: what it was bound to, of which what reads as it did stays as it was. */
  readonly before?: { readonly input: JsonObject; readonly args: JsonObject; readonly by: Person };
};

/** Whether a line of a card reads as it did, when somebody changes another one. */
export function isUnchanged({ before }: Pick<BindContext, "before">, field: string, value: string): boolean {
  const was = before?.input[field];
  return typeof was === "string" && was.trim() === value;
}

export type EffectDefinition<Input extends z.ZodObject = z.ZodObject> = {
  readonly kind: "effect";
  readonly verb: string;
  /** What it does, for models and people, in one sentence. */
  readonly description: string;
  /** Utterances that ask for it; the offline model chooses by these. */
  readonly examples: readonly string[];
  /** What a model fills in. No field may name a tenant, branch, or an id: those are bound by code. */
  readonly input: Input;
  readonly stakes: Exclude<Stakes, "S0">;
  /** What is at stake instead where it goes nowhere but to the person themselves. Left out: the same. */
  readonly stakesAlone?: "S1";
  /** How it is undone, as people read it; null when it cannot be. */
  readonly undo: string | null;
  /** What must be typed to approve it, of an S3 effect: the amount or the name. */
  readonly typed?: (args: JsonObject) => string;
  /** Names become ids, or it is said what is missing. Changes nothing. */
  bind(input: z.infer<Input>, context: BindContext): Promise<Bound>;
  /**
   * Where the change lands, as far as that is not where its turn works, read from the bound ids. Pure, and asked again of
   * what is stored before it is approved and before it is done. Left out: where its turn works.
   */
  lands?(args: JsonObject): Partial<Landing>;
  /**
   * It changes a row that is there already, which code found among all of the person's own: its agent need not read the place
   * that it stands in. Such a verb says where it `lands`.
   */
  readonly existing?: true;
  /** One line: what will happen, for instance `Send a message to Ben`. Pure. */
  title(args: JsonObject): string;
  /** All that is decided on, nothing left out. Pure. */
  card(args: JsonObject): readonly CardLine[];
};

export const defineEffect = <Input extends z.ZodObject>(
  definition: Omit<EffectDefinition<Input>, "kind">,
): EffectDefinition<Input> => ({ kind: "effect", ...definition });

export type Performed =
  /** `told`: for people; says by itself what was done. How it is undone stands behind it. */
  | { readonly kind: "done"; readonly told: string }
  /** It certainly did not happen. With `retry` it may be tried again, not before `afterMs` where the target names a time. */
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly told: string;
      readonly retry?: boolean;
      readonly afterMs?: number;
    }
  /** It may have happened. */
  | { readonly kind: "unknown"; readonly code: string };

/** What a performer may know of an effect beside it: not part of what was decided on. */
export type Grounds = {
  /** What it rests on that nobody vouches for. */
  readonly taints: readonly Taint[];
  /** Others read along where it was asked for, or decide on it: what is told of it is no place for what is the person's own. */
  readonly shared: boolean;
};

/**
 * Carries out effects of one verb. Handed an effect once, and again only after an end that says so; after a crash it is
 * asked, not told again. One that throws has left the fate of its effect unknown.
 */
export interface Performer {
  readonly verb: string;
  /** How long is waited before each further try, in milliseconds; there are no more tries than that. Absent: see PAUSES_MS. */
  readonly pauses?: readonly number[];
  /** `key` goes to the target as idempotency key; it is the same for the same effect for ever. */
  perform(effect: Effect, key: string, signal: AbortSignal, grounds: Grounds): Promise<Performed>;
  /** What became of an effect whose end nobody saw. Absent: nobody can tell, and a person is. */
  reconcile?(
    effect: Effect,
    key: string,
    signal: AbortSignal,
    grounds: Grounds,
  ): Promise<Performed | { readonly kind: "absent" }>;
}

/** For performers that name no pauses of their own. */
export const PAUSES_MS: readonly number[] = [2_000, 15_000, 60_000, 300_000];
