/** News as the text of a notification, and back. Used by wire.ts. */
import { z } from "zod";
import { agentId, messageId, turnId, type News, type Progress } from "#core";

/** A notification holds less than 8,000 bytes. */
const MOST_BYTES = 7_900;
/** A status or a reason is a sentence. */
const MOST_WORDS = 500;
const CUT = "…";

export function newsText(news: News): string {
  const whole = JSON.stringify(short(news));
  if (news.kind !== "progress" || news.progress.kind !== "draft" || sizeOf(whole) <= MOST_BYTES) return whole;
  // The beginning, so that what is read stands still; the rest is seen when it is settled.
  const { address, progress } = news;
  for (let keep = progress.text.length; ;) {
    keep = Math.floor(keep * 0.9);
    const text = `${progress.text.slice(0, keep).toWellFormed()}${CUT}`;
    const cut = JSON.stringify({ kind: "progress", address, progress: { ...progress, text } });
    if (sizeOf(cut) <= MOST_BYTES) return cut;
  }
}

/** Undefined for what no Nova has written: anyone who may use the database can notify. */
export function newsFrom(text: string): News | undefined {
  try {
    return news.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function short(news: News): News {
  if (news.kind !== "progress") return news;
  const { progress } = news;
  switch (progress.kind) {
    case "status":
      return { ...news, progress: { ...progress, line: progress.line.slice(0, MOST_WORDS).toWellFormed() } };
    case "routed":
      return { ...news, progress: { ...progress, reason: progress.reason.slice(0, MOST_WORDS).toWellFormed() } };
    case "taken":
    case "draft":
    case "ended":
    case "said":
      return news;
  }
}

const sizeOf = (text: string): number => Buffer.byteLength(text);

const turn = z.string().transform(turnId);
const address = z.object({
  platform: z.string(),
  scope: z.string(),
  container: z.string(),
  root: z.string().nullable(),
  visibility: z.enum(["private", "shared"]),
});
const progress: z.ZodType<Progress> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("taken"), turn, messages: z.array(z.string().transform(messageId)) }),
  z.object({
    kind: z.literal("routed"),
    turn,
    agent: z.string().transform(agentId).nullable(),
    reason: z.string(),
  }),
  z.object({ kind: z.literal("status"), turn, line: z.string() }),
  z.object({ kind: z.literal("draft"), turn, text: z.string() }),
  z.object({ kind: z.literal("ended"), turn }),
  z.object({ kind: z.literal("said") }),
]);
const news: z.ZodType<News> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("progress"), address, progress }),
  z.object({ kind: z.literal("stop"), turn }),
]);
