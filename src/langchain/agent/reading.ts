/** Whether a run's last message is a sound reply, and if not, what is wrong with it. Called by converse.ts. */
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { AgentCode, Breach, Reply } from "#core";
import { failReply } from "../fault.ts";
import { kindsFor } from "./kinds.ts";
import { isUnfinished, readReply, type Issue } from "../reply-text.ts";
import type { Run } from "./run.ts";
import { textOf } from "../text-of.ts";

export type Reading =
  | { readonly kind: "reply"; readonly reply: Reply }
  /** `last` is what the person reads when the repair fails too. */
  /** Sound, but for what it says without ground. */
  | { readonly kind: "doubted"; readonly reply: Reply; readonly breaches: readonly Breach[] }
  | { readonly kind: "unfit"; readonly issues: readonly Issue[]; readonly last: Reply };

/** An answer counts only when it is whole: no open tool call, some text, the right form, and the agent's own check. */
export function read(run: Run, messages: readonly BaseMessage[], check: AgentCode["check"]): Reading {
  const message = messages.at(-1);
  if (!AIMessage.isInstance(message) || message.tool_calls?.length) {
    return unfit("open_tool_call", "The reply stops at a tool call.", failReply("bad_tool_call"));
  }
  const text = textOf(message);
  const ended: unknown = message.response_metadata["finish_reason"];
  if (message.additional_kwargs["refusal"] || ended === "content_filter") {
    return { kind: "reply", reply: failReply("refusal") };
  }
  if (ended === "length" && (text.trim() === "" || isUnfinished(text))) {
    const shorter = "The reply was cut off, because it was longer than you may write. Make it much shorter.";
    return unfit("truncated", shorter, failReply("truncated"));
  }
  if (text.trim() === "") return unfit("empty", "The reply is empty.", failReply("empty"));

  const reading = readReply(text);
  if (reading.kind === "unfit") return { ...reading, last: failReply("invalid_reply") };
  const { reply } = reading;
  // Asked for again once; then the turn says what becomes of it.
  if (!kindsFor(run.step).includes(reply.kind)) return unfit(`kind: ${reply.kind}`, notOffered(reply.kind), reply);
  const misfits = reply.kind === "handoff" ? (run.step.misfits?.(reply.to, reply.input) ?? []) : [];
  if (misfits.length > 0) {
    return { kind: "unfit", issues: misfits.map((message) => ({ code: "payload", message })), last: reply };
  }
  const refused = reply.kind === "answer" ? check?.(run.step, reply.text, run.results) : undefined;
  if (refused) return unfit("check", refused, failReply("invalid_reply", refused));
  const { results, changes, failed } = run;
  const ground = { results, changes, failed: failed.names(), tainted: run.taints.length > 0 };
  const breaches = run.step.check?.(reply, ground) ?? [];
  return breaches.length > 0 ? { kind: "doubted", reply, breaches } : reading;
}

const notOffered = (kind: string): string =>
  `kind: "${kind}" is not open to you here. Answer yourself, ask, or say that you cannot.`;

function unfit(code: string, message: string, last: Reply): Reading {
  return { kind: "unfit", issues: [{ code, message }], last };
}
