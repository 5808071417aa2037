/** What the parts of a turn came to, as one reply in one voice. Pure; called by endings.ts and part-end.ts. */
import { clip, questionText, sentenceOf, type AgentId, type Reply } from "#core";
import { escaped } from "../approval/card-text.ts";

/** What of a part the person reads. */
export type Said = {
  /** What was asked; empty for what needs no heading. */
  readonly words: string;
  readonly agent: AgentId;
  readonly model: string | null;
  readonly reply: Extract<Reply, { kind: "answer" | "clarify" | "fail" }>;
};

export type Voice = {
  readonly agent: AgentId;
  readonly model: string | null;
  readonly reply: Said["reply"];
  readonly text: string;
};

/** In so many characters and one paragraph, an answer needs no heading above it. */
const SHORT = 160;
const LONGEST_HEADING = 80;

/** At least one part. */
export function oneVoice(parts: readonly Said[]): Voice {
  const [first, ...others] = parts;
  if (!first) throw new Error("nothing was said");
  if (others.length === 0) return { ...first, text: textOf(first.reply) };
  // Whoever asks is answered next; else the first that came to something speaks.
  const speaker =
    parts.find(({ reply }) => reply.kind === "clarify") ?? parts.find(({ reply }) => reply.kind === "answer") ?? first;
  // A model's words stay a model's, whoever speaks.
  const model = speaker.model ?? parts.find((part) => part.model !== null)?.model ?? null;
  return { agent: speaker.agent, model: modelOf(parts) ?? model, reply: speaker.reply, text: joined(parts) };
}

/** A name of a model that is not the offline one, if any of them has words of it. */
const modelOf = (parts: readonly Said[]): string | undefined =>
  parts.flatMap(({ model }) => (model === null || model === "offline" ? [] : model))[0];

/** Headings only where the parts would run into each other; what failed is named in any case. */
function joined(parts: readonly Said[]): string {
  const plain = parts.every(({ reply }) => reply.kind === "answer" && isShort(reply.text));
  return parts
    .filter(({ reply }) => textOf(reply) !== "")
    .map(({ words, reply }) => (plain || words === "" ? textOf(reply) : `**${heading(words)}**\n\n${textOf(reply)}`))
    .join("\n\n");
}

const isShort = (text: string): boolean => text.length <= SHORT && !text.includes("\n");

/** The person's words as they wrote them: `12*7` is no markup. */
const heading = (words: string): string =>
  escaped(
    clip(
      words
        .replaceAll(/\s+/g, " ")
        .replace(/[\s.,;:]+$/, "")
        .trim(),
      LONGEST_HEADING,
    ),
  );

const textOf = (reply: Reply): string => (reply.kind === "clarify" ? questionText(reply) : sentenceOf(reply));
