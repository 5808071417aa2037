/** Buttons under a reply, and what a click on one is answered with. Decided in turn/press.ts, shown by adapters. */
import type { Address } from "./address.ts";
import type { ExternalId } from "./person.ts";

/** A button. */
export type Action = {
  /** What it does and to what, for instance `sources:12`: at most 90 characters of `a-z 0-9 : -`. */
  readonly id: string;
  /** At most 40 characters. */
  readonly label: string;
};

/** Words with buttons under them. */
export type Card = {
  /** Markdown. */
  readonly text: string;
  readonly actions: readonly Action[];
};

/** A click, as an adapter hands it over. Put twice it does once what it does: buttons have their day, clicks need no key. */
export type Press = {
  /** Where it was made; a private answer goes back there. */
  readonly address: Address;
  readonly sender: ExternalId;
  /** The id of the action. */
  readonly action: string;
};

/** Every click gets one of these. */
export type Pressed = {
  readonly kind:
    /** Done, or shown. */
    | "done"
    /** The button has had its day: what it meant is over, done already, or forgotten. */
    | "stale"
    /** Not this account's to press. */
    | "refused";
  /** For the one who clicked, and nobody else. */
  readonly card: Card;
};
