/** How a platform is set up: what is told, and what is tried. Brought by adapters/<platform>/setup, for src/commands. */
import type { Clock } from "./clock.ts";
import type { ExternalId } from "./person.ts";

/** A thing that `nova init` and `nova doctor` looked at. */
export type SetupCheck = {
  readonly name: string;
  readonly ok: boolean;
  /** What was found; no secret. */
  readonly detail: string;
  /** What to do about it; empty when it is well. */
  readonly remedy: string;
};

export const well = (name: string, detail: string): SetupCheck => ({ name, ok: true, detail, remedy: "" });
export const ill = (name: string, detail: string, remedy: string): SetupCheck => ({ name, ok: false, detail, remedy });

export type SetupContext = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The address people reach this installation at. */
  readonly publicUrl: string;
  /** True when the service answers there just now, so that its own routes can be tried. */
  readonly serving: boolean;
  /**
   * False: nothing may be written, registered or sent, and no connection opened that could take messages away from one
   * that is open; `nova doctor` looks like that.
   */
  readonly mayWrite: boolean;
  readonly clock: Clock;
  /** Accounts that NOVA_OWNER names on this platform. */
  readonly owners: readonly ExternalId[];
  readonly signal: AbortSignal;
};

export interface AdapterSetup {
  /** What to do by hand, step by step, as plain lines; a part to be pasted stands in `paste`. */
  guide(context: SetupContext): { readonly lines: readonly string[]; readonly paste: string | null };
  /** Tries what is set, in the order in which things depend on each other, and ends behind the first that is broken. */
  check(context: SetupContext): AsyncIterable<SetupCheck>;
}
