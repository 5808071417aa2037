/** Buttons under a reply, and what a click on one is answered with. Decided in turn/press.ts, shown by adapters. */
import type { Address } from "./address.ts";
import type { ExternalId } from "./person.ts";

/** A button. */
export type Action = {
  /** What it does and to what, for instance `sources:12`: at most 90 characters of `a-z 0-9 : -`. */
  readonly id: string;
  /** At most 40 characters. */
  readonly label: string;
  /** How it stands out, where the channel can: what goes ahead, and what does not. */
  readonly style?: "primary" | "danger";
};

/** Words with buttons under them. */
export type Card = {
  /** Markdown. */
  readonly text: string;
  readonly actions: readonly Action[];
};

/** Fields to fill in, shown in a window of the platform's; sent back as a press of `submit` with what was filled in. */
export type Form = {
  /** At most 24 characters: no platform shows more. */
  readonly title: string;
  /** The id of the action that the filled-in form presses. */
  readonly submit: string;
  /** One to five. */
  readonly fields: readonly {
    readonly name: string;
    /** At most 45 characters. */
    readonly label: string;
    readonly value: string;
    readonly long: boolean;
    readonly maxLength: number;
  }[];
};

/** A press of these may answer with a form: platforms that show forms only as a first answer must not answer otherwise before. */
export const opensForm = (action: string): boolean => action.startsWith("edit:");

/** What is decided by typing where there are no buttons: the number of the proposal, and what may be done with it. */
export function decidedByTyping(actions: readonly Action[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { id } of actions) {
    const [, deed, number] = /^(approve|deny|edit):(\d{1,18}):/.exec(id) ?? [];
    if (deed === undefined || number === undefined) continue;
    found.set(number, (found.get(number) ?? new Set()).add(deed));
  }
  return found;
}

/** A click, as an adapter hands it over. Put twice it does once what it does: buttons have their day, clicks need no key. */
export type Press = {
  /** What was filled into a form, by the names of its fields; absent for a plain click. */
  readonly fields?: Readonly<Record<string, string>>;
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
  /** Shown in place of the card, where the channel can; the card says how else it is done. */
  readonly form?: Form;
  /** What is wrong with what was filled into a form, by the names of its fields; the form stays open, where it can. */
  readonly errors?: Readonly<Record<string, string>>;
};
