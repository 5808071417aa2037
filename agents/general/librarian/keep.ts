/** Stages a note, decision or preference in the person's own words. Used by librarian.ts. */
import type { CodedReply } from "#core";
import type { Order } from "./orders.ts";

const LONGEST = 20_000;

export function keep({ what, text }: Extract<Order, { kind: "keep" }>): CodedReply {
  if (!/[\p{L}\p{N}]/u.test(text)) {
    return {
      reply: { kind: "clarify", question: "What should I remember? Write it after “remember that”.", options: [] },
    };
  }
  if (text.length > LONGEST) {
    const reason = `${what === "update" ? "An" : "A"} ${what} holds at most ${LONGEST.toLocaleString("en")} characters, and this has ${text.length.toLocaleString("en")}. Nothing was kept; keep it in parts.`;
    return { reply: { kind: "fail", code: "cannot", reason } };
  }
  const quoted = text
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
  const answer = `Kept as ${what === "update" ? "an" : "a"} ${what}, in your words:\n\n${quoted}\n\nSay “forget …” to drop it, “list my notes” to see all.`;
  return { reply: { kind: "answer", text: answer }, changes: [{ kind: "keep", item: { kind: what, text } }] };
}
