/** What an answer of Slack's is to the outbox. Used by send.ts and write-over.ts. */
import type { SendResult } from "#core";
import type { Failure } from "../failure.ts";

export function resultOf(answer: { readonly kind: "done" } | Failure, externalId: string): SendResult {
  switch (answer.kind) {
    case "done":
      return { kind: "sent", externalId };
    case "unknown":
      return { kind: "unknown", code: answer.code };
    case "not_sent": {
      const { code, retry, afterMs } = answer;
      return { kind: "not_sent", retry, code, ...(afterMs === undefined ? {} : { afterMs }) };
    }
  }
}
