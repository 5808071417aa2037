/** What `nova approvals` returns, and how that reads. Used by approvals.ts. */
import { z } from "zod";
import { plainMarkdown, STAKES } from "#core";
import { columns, counted, minute, oneLine } from "./layout.ts";
import type { Ink } from "./verb.ts";

const facts = z.object({
  id: z.string(),
  title: z.string(),
  /** How the words begin that it is about, on one line; empty: the title says all. */
  gist: z.string().default(""),
  verb: z.string(),
  stakes: z.enum(STAKES),
  state: z.enum(["pending", "approved", "denied", "expired", "withdrawn"]),
  /** What became of it; null until it is approved. */
  fate: z.enum(["waiting", "claimed", "done", "failed", "unknown"]).nullable(),
  asker: z.string(),
  agent: z.string(),
  askedAt: z.coerce.date(),
  expiresAt: z.coerce.date(),
  /** Whether whoever looks may decide on it here. */
  may: z.enum(["yes", "terminal_only", "no"]),
});

export const shown = facts.extend({
  did: z.literal("show"),
  digest: z.string(),
  version: z.number(),
  lines: z.array(z.object({ label: z.string(), value: z.string(), field: z.string().nullable() })),
  /** False: something in it cannot be seen for certain. */
  readable: z.boolean(),
  /** What has to be typed to approve it; null: a yes will do. */
  typed: z.string().nullable(),
  /** The card, in Markdown. */
  text: z.string(),
});

export const output = z.discriminatedUnion("did", [
  z.object({ did: z.literal("list"), now: z.coerce.date(), proposals: z.array(facts) }),
  shown,
  z.object({
    did: z.enum(["approve", "deny", "edit"]),
    id: z.string(),
    ended: z.enum(["done", "stale", "refused"]),
    /** Markdown. */
    text: z.string(),
  }),
]);
export type ApprovalsOutput = z.infer<typeof output>;

export function drawApprovals(result: ApprovalsOutput, ink: Ink): string {
  switch (result.did) {
    case "list":
      return drawList(result, ink);
    case "show":
      return drawShown(result, ink);
    case "approve":
    case "deny":
    case "edit": {
      const told = plainMarkdown(result.text);
      if (result.did !== "approve" || result.ended !== "done") return told;
      return `${told}\n${ink.dim(`\`nova approvals show ${result.id}\` tells how it ended.`)}`;
    }
  }
}

const TITLE = 60;
const GIST = 50;

function drawList({ now, proposals }: Extract<ApprovalsOutput, { did: "list" }>, ink: Ink): string {
  if (proposals.length === 0) return "Nothing waits for a decision.";
  const isWaiting = proposals.every(({ state }) => state === "pending");
  const [head = "", ...rows] = columns([
    ["", "stakes", "asked", isWaiting ? "expires" : "state", "for", "what"],
    ...proposals.map((one) => [
      one.id,
      one.stakes,
      `${ago(one.askedAt, now)} ago`,
      one.state === "pending" ? `in ${ago(now, one.expiresAt)}` : (one.fate ?? one.state),
      one.asker,
      one.gist === "" ? oneLine(one.title, TITLE) : `${oneLine(one.title, TITLE)}: ${oneLine(one.gist, GIST)}`,
    ]),
  ]);
  const mine = proposals.filter(({ may }) => may !== "no").length;
  return [
    ink.bold(isWaiting ? waitingWords(proposals.length, mine) : "Newest first"),
    `  ${ink.dim(head)}`,
    ...rows.map((row) => `  ${row}`),
    "",
    ink.dim("`nova approvals show <number>` shows the card, `approve`, `deny` and `edit` decide."),
  ].join("\n");
}

function waitingWords(all: number, mine: number): string {
  const wait = counted(all, "thing waits", "things wait");
  if (mine === all) return `${wait} for your decision`;
  if (mine === 0) return `${wait} for somebody else's decision`;
  return `${wait} for a decision, ${mine} of them for yours`;
}

function drawShown(one: z.infer<typeof shown>, ink: Ink): string {
  const open = one.lines.filter(({ field }) => field !== null).map(({ label, field }) => `${field} (${label})`);
  return [
    `${ink.bold(`Number ${one.id}`)}  ${one.stakes}, asked for by ${one.asker} through ${one.agent}, ${minute(one.askedAt)} UTC`,
    "",
    plainMarkdown(one.text),
    ...(one.state === "pending" && open.length > 0 ? ["", ink.dim(`Fields for \`edit\`: ${open.join(", ")}`)] : []),
  ].join("\n");
}

const MINUTE_MS = 60_000;

/** Roughly, for instance `3 h`. */
function ago(from: Date, to: Date): string {
  const minutes = Math.max(0, Math.round((to.getTime() - from.getTime()) / MINUTE_MS));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} d`;
}
