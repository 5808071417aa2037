/** All words of a reply that somebody reads, people or the next agent, and the reply with others in their place. Pure. */
import type { Json, JsonObject, Reply } from "#core";
import { textsIn } from "./link-ground.ts";

/** Not those of an effect: its card shows them as they are. */
export function spokenIn(reply: Reply): readonly string[] {
  switch (reply.kind) {
    case "answer":
    case "propose":
      return [reply.text];
    case "clarify":
      return [reply.question, ...reply.options];
    case "fail":
      return [reply.reason];
    case "handoff":
      return [reply.reason, ...textsIn(reply.input)];
    case "delegate":
      return reply.calls.flatMap(({ input }) => textsIn(input));
  }
}

export function respoken(reply: Reply, say: (words: string) => string): Reply {
  switch (reply.kind) {
    case "answer":
    case "propose":
      return { ...reply, text: say(reply.text) };
    case "clarify":
      return { ...reply, question: say(reply.question), options: reply.options.map(say) };
    case "fail":
      return { ...reply, reason: say(reply.reason) };
    case "handoff":
      return { ...reply, reason: say(reply.reason), input: saidOver(reply.input, say) };
    case "delegate":
      return { ...reply, calls: reply.calls.map(({ to, input }) => ({ to, input: saidOver(input, say) })) };
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const saidOver = (input: JsonObject, say: (words: string) => string): JsonObject =>
  Object.fromEntries(Object.entries(input).map(([name, value]) => [name, valueOver(value, say)]));

function valueOver(value: Json, say: (words: string) => string): Json {
  if (typeof value === "string") return say(value);
  if (value === null || typeof value !== "object") return value;
  return isList(value) ? value.map((each) => valueOver(each, say)) : saidOver(value, say);
}
