/** Who wrote which message, for showing.ts: outside of direct conversations Slack streams only to a named reader. */
import type { AdapterHost, ExternalId, MessageId } from "#core";

export interface Askers {
  /** The same door, which remembers who came through it. */
  watch(accept: AdapterHost["accept"]): AdapterHost["accept"];
  /** Of the first of these messages that came in here; undefined after a restart. */
  of(messages: readonly MessageId[]): ExternalId | undefined;
}

const REMEMBERED = 2_000;

export function createAskers(): Askers {
  const senders = new Map<MessageId, ExternalId>();
  return {
    watch: (accept) => async (inbound) => {
      const receipt = await accept(inbound);
      if (receipt.kind === "accepted") senders.set(receipt.message, inbound.sender);
      const [oldest] = senders.keys();
      if (senders.size > REMEMBERED && oldest !== undefined) senders.delete(oldest);
      return receipt;
    },
    of: (messages) => messages.map((message) => senders.get(message)).find((sender) => sender !== undefined),
  };
}
