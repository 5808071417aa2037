/** From a body to an inbound, and from a person to the one address and identity they have here. Pure. */
import { z } from "zod";
import { linkCode, type Address, type ExternalId, type Ignored, type Inbound, type Person, type PersonId } from "#core";

export const PLATFORM = "terminal";
const SCOPE = "local";

/** Everyone has one conversation here, the same in every terminal. */
export const addressOf = (person: PersonId): Address => ({
  platform: PLATFORM,
  scope: SCOPE,
  container: person,
  root: null,
  visibility: "private",
});

/** Whoever may read NOVA_HOME may speak as anyone in it: the installation itself vouches for the account. */
export const identityOf = (person: PersonId): ExternalId => ({ platform: PLATFORM, scope: SCOPE, id: person });

const body = z.object({
  /** Chosen by the sender: sent twice, it is one message. */
  id: z.uuid("`id` must be a UUID."),
  text: z.string("`text` must be a string."),
});

export function parse(unchecked: unknown, context: { readonly person: Person; readonly now: Date }): Inbound | Ignored {
  const parsed = body.safeParse(unchecked);
  if (!parsed.success) return { ignored: parsed.error.issues[0]?.message ?? "The message is not understood." };
  const { id, text } = parsed.data;
  if (text.trim() === "") return { ignored: "The message is empty." };
  // It would hand this very account to someone else.
  if (linkCode(text) !== undefined) {
    return { ignored: "You are known here already. Send the code from the account that you want to link." };
  }
  const person = context.person.id;
  return {
    deliveryKey: `${person}:${id.toLowerCase()}`,
    messageKey: id.toLowerCase(),
    address: addressOf(person),
    sender: identityOf(person),
    text,
    sentAt: context.now,
  };
}
