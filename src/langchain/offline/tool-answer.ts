/** Answers with what the tools returned, as it stands. */
import { isToolMessage, type BaseMessage, type ToolMessage } from "@langchain/core/messages";
import { unpadded } from "#core";
import { forPeople, NOTHING_FOUND } from "../tool-words.ts";
import { answer, fail, type Decision } from "./decision.ts";
import type { AskedFor } from "./several.ts";

/** The tool messages after the person's ask, oldest first. */
export function resultsAfter(messages: readonly BaseMessage[], words: string): readonly ToolMessage[] {
  const asked = messages.findLastIndex((message) => message.getType() === "human" && unpadded(message.text) === words);
  return messages.slice(asked + 1).filter((message) => isToolMessage(message));
}

/** `asked`: the several things that the tools were called for. */
export function answerFromTools(results: readonly ToolMessage[], asked?: AskedFor): Decision {
  const good = results.filter(({ status, text }) => status !== "error" && text.trim() !== "" && text !== NOTHING_FOUND);
  if (good.length > 0) {
    const said = good.map(({ text }) => readable(text));
    // What others called may have been tried once more; what was called for several things at once was not.
    const failed = results.filter(({ status, tool_call_id: id }) => status === "error" && id.startsWith("offline_"));
    const untold = failed.map((result) => notDone(result, asked?.called ?? []));
    const left = (asked?.beside ?? []).map((words) => `I did not answer ${quoted(words)}; please ask it by itself.`);
    return answer([...said, ...untold, ...left].join("\n\n"));
  }
  const refused = results.at(-1)?.text.trim() ?? "";
  return refused !== "" && refused !== NOTHING_FOUND
    ? fail("cannot", forPeople(refused))
    : fail("not_found", "The look-up returned nothing.");
}

/** By its words. Of the refusal no more than its first sentence: the examples behind it hold figures that nobody asked about. */
function notDone({ tool_call_id: id, text }: ToolMessage, called: readonly string[]): string {
  const words = called[Number(/_(\d+)$/.exec(id)?.[1])];
  const reason = forPeople(text);
  if (words === undefined) return `Something else did not work: ${reason}`;
  const [first = ""] = /^[^.!?]*[.!?](?=\s|$)/.exec(reason) ?? [];
  return [`I have no answer to ${quoted(words)}.`, /[\d`]/.test(first) ? "" : first].filter(Boolean).join(" ");
}

const quoted = (words: string): string => `“${words.replace(/[\s.?!]+$/, "")}”`;

/** Tools return Markdown as a rule; JSON becomes a list of its fields. */
function readable(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text.trim();
  try {
    return lines(JSON.parse(text)).join("\n");
  } catch {
    // It only looked like JSON.
    return text.trim();
  }
}

function lines(value: unknown, indent = ""): string[] {
  if (value === null || typeof value !== "object") return [`${indent}- ${String(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => {
    const label = Array.isArray(value) ? "" : `**${key}:** `;
    if (inner === null || typeof inner !== "object") return [`${indent}- ${label}${String(inner)}`];
    const below = lines(inner, `${indent}  `);
    return Array.isArray(value) ? [`${indent}-`, ...below] : [`${indent}- ${label.trim()}`, ...below];
  });
}
