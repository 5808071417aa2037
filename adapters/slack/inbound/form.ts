/** A form as a modal of Slack's, and what was filled into one. Pure; used by pressing.ts. */
import type { InputBlock, ModalView, PlainTextElement } from "@slack/types";
import { z } from "zod";
import type { Form, Ignored, Press } from "#core";
import { id } from "../ids.ts";
import { PLATFORM } from "../platform.ts";
import { addressAt, readPlace, writePlace, type FormPlace } from "./form-place.ts";

const TITLE = 24;
const LABEL = 2_000;
/** Most of a field. */
const VALUE = 3_000;
const ELEMENT = "value";

/** Undefined when Slack cannot show all of it: nothing that is filled in may be cut. */
export function modalOf(form: Form, place: FormPlace): ModalView | undefined {
  if (form.fields.some(({ value }) => value.length > VALUE)) return undefined;
  return {
    type: "modal",
    callback_id: form.submit,
    private_metadata: writePlace(place),
    title: plain(form.title.slice(0, TITLE)),
    submit: plain("Save"),
    close: plain("Cancel"),
    blocks: form.fields.map(({ name, label, value, long, maxLength }): InputBlock => ({
      type: "input",
      block_id: name,
      label: plain(label.slice(0, LABEL)),
      // What was empty may stay so.
      optional: value === "",
      element: {
        type: "plain_text_input",
        action_id: ELEMENT,
        multiline: long,
        max_length: Math.max(1, Math.min(maxLength, VALUE)),
        ...(value === "" ? {} : { initial_value: value }),
      },
    })),
  };
}

const plain = (text: string): PlainTextElement => ({ type: "plain_text", text: text.toWellFormed(), emoji: false });

const submitted = z.looseObject({
  type: z.literal("view_submission"),
  user: z.looseObject({ id, team_id: id.nullish() }),
  view: z.looseObject({
    callback_id: z.string().min(1).max(255),
    private_metadata: z.string().max(3_000),
    state: z.looseObject({
      values: z.record(z.string(), z.record(z.string(), z.looseObject({ value: z.string().nullish() }))),
    }),
  }),
});

export type Submitted = {
  readonly user: string;
  readonly place: FormPlace;
  /** `team` is our own. */
  readonly press: (team: string) => Press;
  /** Names of the fields, as they stand. */
  readonly names: readonly string[];
};

export function parseForm(body: unknown): Submitted | Ignored {
  const parsed = submitted.safeParse(body);
  const place = parsed.success ? readPlace(parsed.data.view.private_metadata) : undefined;
  if (!parsed.success || !place) return { ignored: "It is no form of ours." };
  const { user, view } = parsed.data;
  const fields = Object.fromEntries(
    Object.entries(view.state.values).map(([name, elements]) => [name, elements[ELEMENT]?.value ?? ""]),
  );
  return {
    user: user.id,
    place,
    names: Object.keys(fields),
    press: (team) => ({
      address: addressAt(place, team, user.id),
      sender: { platform: PLATFORM, scope: user.team_id ?? team, id: user.id },
      action: view.callback_id,
      fields,
    }),
  };
}
