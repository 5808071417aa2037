/** A card as it waits, as it stands decided, and its form: what tests of channels show and press. */
import type { Action, Form, Pressed } from "#core";

const DIGEST = "0123456789abcdef";
export const APPROVE = `approve:7:${DIGEST}`;
export const DENY = `deny:7:${DIGEST}`;
export const EDIT = `edit:7:${DIGEST}`;

export const WAITING: readonly Action[] = [
  { id: APPROVE, label: "Approve", style: "primary" },
  { id: EDIT, label: "Change" },
  { id: DENY, label: "Deny", style: "danger" },
];

export const FORM: Form = {
  title: "Change the message",
  submit: EDIT,
  fields: [
    { name: "text", label: "Text", value: "Lunch at noon?", long: true, maxLength: 2_000 },
    { name: "subject", label: "Subject", value: "", long: false, maxLength: 80 },
  ],
};

export const asForm = (form: Form = FORM): Pressed => ({
  kind: "done",
  card: { text: "Change it with `nova approvals edit 7`.", actions: [] },
  form,
});

export const told = (kind: Pressed["kind"], text: string): Pressed => ({ kind, card: { text, actions: [] } });

export const NOT_YOURS = told("refused", "Only Ada can decide this.");
