/** Follows one accepted message until its turn's reply is out. Used by the messages route. */
import {
  NovaError,
  type AdapterHost,
  type AgentId,
  type Message,
  type MessageId,
  type Person,
  type Progress,
  type ReplyNote,
  type TurnId,
} from "#core";
import type { Seat } from "./desk.ts";
import { addressOf } from "./parse.ts";
import { draw, type Look } from "./render.ts";

/** What the command line sees while it waits. */
export type Seen =
  | { readonly kind: "accepted"; readonly message: MessageId; readonly duplicate: boolean }
  | { readonly kind: "routed"; readonly agent: AgentId | null; readonly reason: string }
  | { readonly kind: "status"; readonly line: string }
  /** The whole draft so far, drawn; "" when it was thrown away. */
  | { readonly kind: "draft"; readonly text: string };

export type Answer = {
  readonly message: MessageId;
  readonly turn: TurnId;
  /** Null when Nova itself speaks. */
  readonly agent: AgentId | null;
  readonly model: string | null;
  readonly kind: ReplyNote["kind"];
  /** Markdown. */
  readonly text: string;
  /** The same, drawn for the look that was asked for. */
  readonly body: string;
};

type Following = {
  readonly message: MessageId;
  readonly person: Person;
  readonly look: Look;
  readonly transcript: AdapterHost["transcript"];
};

/** Most messages to look back for one's own; more than a turn ever collects. */
const LOOK_BACK = 100;

export async function follow(following: Following, seat: Seat, emit: (seen: Seen) => void): Promise<Answer> {
  const show = createShow(following.look, emit);
  // A message that was sent before may have its answer already.
  const before = await findAnswer(following);
  if (before) return before;
  let turn: TurnId | undefined;
  for await (const news of seat) {
    if (news.kind === "closing") throw closing();
    if (news.kind === "progress") {
      const { progress } = news;
      if (progress.kind === "taken" && progress.messages.includes(following.message)) turn = progress.turn;
      if (progress.turn === turn) show.progress(progress);
      continue;
    }
    if (news.kind === "tick") show.flush();
    const answer = await findAnswer(following);
    if (answer) return answer;
  }
  throw new NovaError("unavailable", "Nobody waits for this answer any more.");
}

async function findAnswer({ message, person, look, transcript }: Following): Promise<Answer | undefined> {
  const lines = await transcript.at(addressOf(person.id), person, null, LOOK_BACK);
  const mine = lines.find(({ id }) => id === message);
  const reply = mine?.turn ? lines.find((line) => line.turn === mine.turn && line.reply !== null) : undefined;
  return reply && answerOf(message, reply, look);
}

function answerOf(message: MessageId, reply: Message, look: Look): Answer | undefined {
  if (reply.turn === null || reply.reply === null || reply.author.kind !== "agent") return undefined;
  const { turn, text } = reply;
  return { message, turn, agent: reply.author.agent, ...reply.reply, text, body: draw(text, look) };
}

/** Models speak faster than people read, and drawing costs: drafts are shown at most this often. */
const DRAFT_MS = 100;

function createShow(look: Look, emit: (seen: Seen) => void) {
  let shownAt = -Infinity;
  let held: string | undefined;
  const flush = (): void => {
    if (held === undefined) return;
    emit({ kind: "draft", text: draw(held, look) });
    held = undefined;
    shownAt = performance.now();
  };
  return {
    flush,
    progress(progress: Progress): void {
      switch (progress.kind) {
        case "routed":
          return emit({ kind: "routed", agent: progress.agent, reason: progress.reason });
        case "status":
          return emit({ kind: "status", line: progress.line });
        case "draft":
          held = progress.text;
          if (progress.text === "" || performance.now() - shownAt >= DRAFT_MS) flush();
          return;
        case "taken":
        case "ended":
          return;
      }
    },
  };
}

function closing(): NovaError {
  return new NovaError("unavailable", "Nova is stopping before this was answered.", {
    advice: "Your message is kept and answered after the next start; `nova chat` shows it then.",
  });
}
