/** The form of conversations with questions, and of questions asked of the wrong conversation. Read by the roof. */
import { z } from "zod";

export const CATEGORIES = ["single-hop", "multi-hop", "temporal", "open-domain", "adversarial"] as const;

/** Without a zone it is meant in UTC. */
const moment = z.string().transform((text, context) => {
  const at = new Date(/(?:z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes("T") ? text : `${text}Z`);
  if (!Number.isNaN(at.getTime())) return at;
  context.addIssue({ code: "custom", message: "is no time such as 2024-05-08T13:56" });
  return z.NEVER;
});

const turn = z.object({
  id: z.string().min(1),
  speaker: z.string().min(1),
  text: z.string(),
  caption: z.string().optional(),
});

const question = z.object({
  id: z.string().min(1),
  question: z.string(),
  question_typo: z.string().optional(),
  category: z.enum(CATEGORIES),
  /** Ids of the turns that answer. Questions without any are not scored. */
  evidence: z.array(z.string()),
  evidence_audited: z.array(z.string()).optional(),
});

const conversation = z.object({
  id: z.string().min(1),
  sessions: z.array(z.object({ n: z.number(), at: moment, turns: z.array(turn) })),
  qa: z.array(question),
});

/** What else stands in the file is not read; above all no answer is. */
export const conversationFile = z.object({
  split: z.string().optional(),
  conversations: z.array(conversation).min(1),
});

const foreignQuestion = z.object({ id: z.string().min(1), conversation: z.string(), question: z.string() });
export const foreignFile = z.object({ items: z.array(foreignQuestion).min(1) });

export type Conversation = z.infer<typeof conversation>;
export type Question = z.infer<typeof question>;
export type ForeignQuestion = z.infer<typeof foreignQuestion>;
