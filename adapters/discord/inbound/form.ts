/** A form as a modal of Discord's. Pure. Made by take-press.ts, shown by defer.ts. */
import type { Form } from "#core";
import { customId } from "../components.ts";

export type Modal = {
  readonly custom_id: string;
  readonly title: string;
  readonly components: readonly Label[];
};

type Label = {
  readonly type: 18;
  readonly label: string;
  readonly component: {
    readonly type: 4;
    readonly custom_id: string;
    readonly style: 1 | 2;
    readonly value?: string;
    readonly required: boolean;
    readonly max_length: number;
  };
};

const TITLE = 45;
const LABEL = 45;
const VALUE = 4_000;
const MOST_FIELDS = 5;
const ID = 100;

/** Undefined when Discord cannot show all of it: nothing that is filled in may be cut. */
export function modalOf({ title, submit, fields }: Form): Modal | undefined {
  const isTooMuch = fields.length > MOST_FIELDS || fields.some(({ value }) => value.length > VALUE);
  if (fields.length === 0 || isTooMuch || customId(submit).length > ID) return undefined;
  return {
    custom_id: customId(submit),
    title: title.slice(0, TITLE).toWellFormed(),
    components: fields.map(({ name, label, value, long, maxLength }) => ({
      type: 18,
      label: label.slice(0, LABEL).toWellFormed(),
      component: {
        type: 4,
        custom_id: name,
        style: long ? 2 : 1,
        ...(value === "" ? {} : { value }),
        // What was empty may stay so.
        required: value !== "",
        max_length: Math.max(1, Math.min(maxLength, VALUE)),
      },
    })),
  };
}
