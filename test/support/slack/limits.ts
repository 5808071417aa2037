/** Slack's limits on what a message may hold, undocumented ones included. Asked by chat.ts and streams.ts. */
import type { Json } from "./workspace.ts";

const MARKDOWN_LIMIT = 12_000;
const UPDATE_LIMIT = 4_000;
const BLOCKS_TOTAL = 13_200;

/** The platform's error for these arguments, or undefined when they are within all limits. */
export function overLimit(args: Json, kind: "post" | "update" | "stream"): string | undefined {
  const { markdown_text: markdown, text, blocks } = args;
  if (markdown !== undefined && (text !== undefined || (kind !== "stream" && blocks !== undefined)))
    return "markdown_text_conflict";
  if (typeof markdown === "string" && markdown.length > MARKDOWN_LIMIT) return "msg_too_long";
  if (kind === "update" && typeof text === "string" && text.length > UPDATE_LIMIT) return "msg_too_long";
  if ((args["attachments"]?.length ?? 0) > 100) return "too_many_attachments";
  return blocks === undefined ? undefined : blocksOverLimit(blocks);
}

export function blocksOverLimit(blocks: unknown): string | undefined {
  if (!Array.isArray(blocks)) return "invalid_blocks_format";
  if (blocks.length > 50 || blocks.some(isBad)) return "invalid_blocks";
  return lettersIn(blocks) > BLOCKS_TOTAL ? "msg_blocks_too_long" : undefined;
}

const KNOWN = new Set([
  "section",
  "divider",
  "header",
  "context",
  "actions",
  "markdown",
  "rich_text",
  "image",
  "table",
]);

function isBad(block: Json): boolean {
  if (!KNOWN.has(block["type"]) || String(block["block_id"] ?? "").length > 255) return true;
  switch (block["type"]) {
    case "section":
      return isBadText(block["text"], 3_000) || (block["fields"] ?? []).some((field: Json) => isBadText(field, 2_000));
    case "header":
      return isBadText(block["text"], 150) || block["text"].type !== "plain_text";
    case "context":
      return !(block["elements"]?.length > 0) || block["elements"].length > 10 || block["elements"].some(isBadElement);
    case "actions":
      return !(block["elements"]?.length > 0) || block["elements"].length > 25 || block["elements"].some(isBadElement);
    case "markdown":
      return typeof block["text"] !== "string" || block["text"] === "" || block["text"].length > MARKDOWN_LIMIT;
    default:
      return false;
  }
}

function isBadElement(element: Json): boolean {
  if (element["type"] === "mrkdwn" || element["type"] === "plain_text") return isBadText(element, 3_000);
  if (element["type"] !== "button") return false;
  const { text, value = "", action_id = "" } = element;
  return isBadText(text, 75) || text.type !== "plain_text" || value.length > 2_000 || action_id.length > 255;
}

const isBadText = (text: Json | undefined, most: number): boolean =>
  typeof text?.["text"] !== "string" || text["text"] === "" || text["text"].length > most;

/** All the letters that readers see. */
function lettersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + lettersIn(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === "text" && typeof item === "string" ? item.length : lettersIn(item)),
    0,
  );
}
