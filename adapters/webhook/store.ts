/** Stores what came in by an endpoint, and says so when it could not be. Used by receive.ts and call.ts. */
import {
  answerRefusal,
  novaErrorIn,
  type AdapterHost,
  type Admission,
  type Endpoint,
  type Inbound,
  type Receipt,
} from "#core";
import { senderOf } from "./parse.ts";

const RETRY_SECONDS = 10;

export async function store(
  inbound: Inbound,
  { scope, person }: Endpoint,
  host: Pick<AdapterHost, "accept" | "people">,
): Promise<Receipt> {
  const receipt = await host.accept(inbound);
  if (receipt.kind !== "unknown") return receipt;
  // Its signature or token proves whose it is: only the link is missing, for instance after it was taken away and restored.
  await host.people.link(senderOf(scope), person.id);
  return host.accept(inbound);
}

/** Nothing is stored, and the sender is asked to come again; what is nobody's passing trouble is thrown on. */
export function notStored(
  error: unknown,
  { host, admission }: { readonly host: Pick<AdapterHost, "log">; readonly admission: Pick<Admission, "note"> },
): Response {
  admission.note(false);
  const known = novaErrorIn(error);
  if (known?.code !== "unavailable" && known?.code !== "database" && known?.code !== "locked") throw error;
  host.log.error("webhook.not_stored", error);
  const { code, message, advice } = known;
  return answerRefusal({ status: 503, code, message, advice, headers: { "retry-after": String(RETRY_SECONDS) } });
}
