/** What a Standard Webhooks body says: its text, or where it has none a listing of what it holds. Pure. */
import type { Ignored } from "#core";
import { list } from "./listing.ts";
import { MAIN, type Said } from "./said.ts";
import { isRecord, type JsonRecord } from "./record.ts";

const CONVERSATION = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

export function readStandard(body: unknown): Said | Ignored {
  if (!isRecord(body)) return { ignored: 'The body must be a JSON object, for instance {"text": "hello"}.' };
  const inner = isRecord(body["data"]) ? body["data"] : {};
  const worded = "text" in body ? body : typeof inner["text"] === "string" ? inner : undefined;
  if (!worded) return listed(body, inner);

  const text = worded["text"];
  if (typeof text !== "string") return { ignored: "`text` must be a string." };
  if (text.trim() === "") return { ignored: "`text` is empty." };
  const conversation = body["conversation"] ?? worded["conversation"] ?? MAIN;
  if (!isName(conversation)) return { ignored: "`conversation` must be 1 to 200 characters on one line." };
  return { text, conversation };
}

/** Bodies of others' making mean their own things by `conversation`: what is no name is only listed. */
function listed(body: JsonRecord, inner: JsonRecord): Said | Ignored {
  if (Object.keys(body).length === 0) return { ignored: "The body is an empty object." };
  const conversation = [body["conversation"], inner["conversation"]].find(isName) ?? MAIN;
  return { text: list(body), conversation };
}

const isName = (value: unknown): value is string => typeof value === "string" && CONVERSATION.test(value);
