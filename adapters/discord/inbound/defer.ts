/** The first answer to an interaction: "is thinking", at once, before anything that may take time; or a form. Used by take-interaction.ts and take-press.ts. */
import { CODES, codeOf, type Answer } from "../answer.ts";
import { EPHEMERAL } from "../message.ts";
import type { Rest } from "../rest.ts";
import type { Modal } from "./form.ts";
import type { Interaction } from "./interaction.ts";

/** Discord waits three seconds in all. */
const PATIENCE_MS = 1_400;
const TRIES = 2;

const DEFERRED = 5;
const CHOICES = 8;
const FORM = 9;

export type Deferred =
  | { readonly kind: "deferred" }
  /** Somebody answered it before: this is the same interaction once more. */
  | { readonly kind: "again" }
  /** Too late, or Discord cannot be reached: its token is of no use. */
  | { readonly kind: "lost"; readonly code: string };

/** Who sees the answer is fixed here for good. */
export const defer = (interaction: Interaction, hidden: boolean, rest: Rest): Promise<Deferred> =>
  first(interaction, { type: DEFERRED, ...(hidden ? { data: { flags: EPHEMERAL } } : {}) }, rest);

/** Discord shows a form only as the first answer. */
export const openForm = (interaction: Interaction, modal: Modal, rest: Rest): Promise<Deferred> =>
  first(interaction, { type: FORM, data: modal }, rest);

async function first(interaction: Interaction, body: unknown, rest: Rest): Promise<Deferred> {
  let answer: Answer = { kind: "unsent", code: "not_tried" };
  for (let tries = 1; tries <= TRIES; tries += 1) {
    answer = await respond(interaction, body, rest);
    if (answer.kind === "done") return { kind: "deferred" };
    if (answer.kind === "refused" && answer.code === CODES.alreadyAcknowledged)
      return { kind: tries === 1 ? "again" : "deferred" };
    if (answer.kind === "refused") break;
  }
  // It may have been taken: then it shows what is written there.
  return answer.kind === "unknown" ? { kind: "deferred" } : { kind: "lost", code: codeOf(answer) };
}

export type Choice = { readonly name: string; readonly value: string };

export const respondChoices = (interaction: Interaction, choices: readonly Choice[], rest: Rest): Promise<Answer> =>
  respond(interaction, { type: CHOICES, data: { choices } }, rest);

function respond({ id, token }: Interaction, body: unknown, rest: Rest): Promise<Answer> {
  const route = `/interactions/${id}/${token}/callback` as const;
  return rest.call({ method: "POST", route, body, auth: false }, AbortSignal.timeout(PATIENCE_MS));
}
