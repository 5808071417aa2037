/** Follows one accepted message until its turn's reply is out. Used by the messages route. */
import { setTimeout as pause } from "node:timers/promises";
import {
  clip,
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
import { nameOf, type Names } from "./name.ts";
import { draw, type Look } from "./render.ts";
import type { Unasked } from "./unasked.ts";
import { drawReply } from "./reply.ts";

/** What the command line sees while it waits. */
export type Seen =
  | { readonly kind: "accepted"; readonly message: MessageId; readonly duplicate: boolean }
  | { readonly kind: "routed"; readonly agent: AgentId | null; readonly name: string; readonly reason: string }
  | { readonly kind: "status"; readonly line: string }
  /** The whole draft so far, drawn; "" when it was thrown away. */
  | { readonly kind: "draft"; readonly text: string }
  /** Something that Nova said before reads otherwise by now; in one line, drawn. */
  | { readonly kind: "changed"; readonly line: string }
  /** What Nova said unasked since they were here. */
  | { readonly kind: "since"; readonly said: readonly Unasked[] };

export type Answer = {
  readonly message: MessageId;
  readonly turn: TurnId;
  /** Null when Nova itself speaks. */
  readonly agent: AgentId | null;
  /** The agent as people read it. */
  readonly name: string;
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
};
type FollowDeps = Names & { readonly transcript: Pick<AdapterHost["transcript"], "replyTo" | "isUnderWay"> };

export async function follow(
  following: Following,
  seat: Seat,
  emit: (seen: Seen) => void,
  deps: FollowDeps,
): Promise<Answer> {
  const show = createShow(following.look, emit, deps);
  // A message that was sent before may have its answer already.
  const before = await findAnswer(following, deps);
  if (before) return ended(before, following, deps);
  let turn: TurnId | undefined;
  for await (const news of seat) {
    if (news.kind === "closing") throw closing();
    if (news.kind === "progress") {
      const { progress } = news;
      if (progress.kind === "taken" && progress.messages.includes(following.message)) turn = progress.turn;
      if (progress.kind !== "said") {
        if (progress.turn === turn) show.progress(progress);
        continue;
      }
    }
    if (news.kind === "tick") show.flush();
    if (news.kind === "sent" && news.part.amends !== null) {
      show.changed(news.part.body);
      continue;
    }
    const answer = await findAnswer(following, deps);
    if (answer) return ended(answer, following, deps);
  }
  throw new NovaError("unavailable", "Nobody waits for this answer any more.");
}

async function findAnswer({ message, person, look }: Following, deps: FollowDeps): Promise<Answer | undefined> {
  const reply = await deps.transcript.replyTo(message, person);
  return reply && answerOf(message, reply, look, deps);
}

const MOST_LOOKS = 20;
const LOOK_MS = 200;

/** What is done unasked mostly takes a moment: whoever asked reads how it ended, if it ends within a few seconds. */
async function ended(answer: Answer, following: Following, deps: FollowDeps): Promise<Answer> {
  if (!(await deps.transcript.isUnderWay(answer.turn, following.person))) return answer;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    await pause(LOOK_MS);
    if (!(await deps.transcript.isUnderWay(answer.turn, following.person))) break;
  }
  return (await findAnswer(following, deps)) ?? answer;
}

function answerOf(message: MessageId, reply: Message, look: Look, names: Names): Answer | undefined {
  if (reply.turn === null || reply.reply === null || reply.author.kind !== "agent") return undefined;
  const { turn, text } = reply;
  const { agent } = reply.author;
  return { message, turn, agent, name: nameOf(agent, names), ...reply.reply, text, body: drawReply(reply, look) };
}

/** Models speak faster than people read, and drawing costs: drafts are shown at most this often. */
const DRAFT_MS = 100;

function createShow(look: Look, emit: (seen: Seen) => void, names: Names) {
  let shownAt = -Infinity;
  let held: string | undefined;
  const told = new Set<string>();
  const flush = (): void => {
    if (held === undefined) return;
    emit({ kind: "draft", text: draw(held, look) });
    held = undefined;
    shownAt = performance.now();
  };
  return {
    flush,
    /** The same card may stand in many messages: it is told once, and a list of cards is left to whoever opens it. */
    changed(body: string): void {
      const line = gist(body);
      if (line === undefined || told.has(line)) return;
      told.add(line);
      emit({ kind: "changed", line });
    },
    progress(progress: Progress): void {
      switch (progress.kind) {
        case "routed":
          return emit({
            kind: "routed",
            agent: progress.agent,
            name: nameOf(progress.agent, names),
            reason: progress.reason,
          });
        case "status":
          return emit({ kind: "status", line: progress.line });
        case "draft":
          held = progress.text;
          if (progress.text === "" || performance.now() - shownAt >= DRAFT_MS) flush();
          return;
        case "taken":
        case "ended":
        case "said":
          return;
      }
    },
  };
}

const LINE = 160;

/**
 * What it is about stands right above its items, and how it stands now in the line that says so. Undefined for several cards in
 * one: nobody can tell which of them changed.
 */
function gist(body: string): string | undefined {
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  const states = lines.filter((line) => STATE.test(line));
  if (states.length > 1) return undefined;
  const items = lines.findIndex((line) => ITEM.test(line));
  const about = states.length > 0 && items > 0 ? lines[items - 1] : lines[0];
  return clip([about, states[0] === about ? undefined : states[0]].filter(Boolean).join(" · "), LINE);
}

const ITEM = /^\s*[-•*] /;

const STATE = /^(?:Waits|Approved|Denied|Expired|Withdrawn|Done|Not done|It may have been done)\b/;

function closing(): NovaError {
  return new NovaError("unavailable", "Nova is stopping before this was answered.", {
    advice: "Your message is kept and answered after the next start; `nova chat` shows it then.",
  });
}
