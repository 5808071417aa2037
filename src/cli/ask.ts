/** `nova ask`: one message, one printed answer. Called by cli.ts with a way to reach Nova. */
import { NovaError } from "#core";
import { label } from "./label.ts";
import { createLive } from "./live.ts";
import { createTalk, type Answer, type Seen, type Unasked } from "./talk.ts";
import type { Fetch } from "./client.ts";
import type { Ink } from "./ink.ts";
import type { Terminal } from "./terminal.ts";

export type AskOptions = {
  readonly text: string;
  readonly as: string | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
};

/** Refuses what need not be sent: nothing. */
export function messageOf(text: string): string {
  if (text.trim() !== "") return text;
  throw new NovaError("bad_input", "The message is empty.", { advice: 'Try `nova ask "what can you do?"`.' });
}

/** Resolves with the exit code: 1 when there is no answer. */
export async function ask(fetch: Fetch, terminal: Terminal, { text, as, json, signal }: AskOptions): Promise<number> {
  const live = createLive(terminal.err, terminal.errInk);
  live.status("Asking");
  const answer = await createTalk(fetch, terminal.look, { as })
    .say(text, (seen) => (isSaid(seen) ? live.say(saying(seen, terminal.errInk)) : live.status(statusOf(seen))), signal)
    .finally(() => live.clear());
  terminal.out.write(`${json ? JSON.stringify(withoutBody(answer), null, 2) : printed(answer, terminal)}\n`);
  return answer.kind === "fail" || answer.kind === "stopped" ? 1 : 0;
}

function withoutBody({ body: _drawn, ...rest }: Answer): Omit<Answer, "body"> {
  return rest;
}

export function printed(answer: Answer, { ink }: Terminal): string {
  return `${answer.body}\n\n${label(answer, ink)}`;
}

type Said = Extract<Seen, { kind: "changed" | "since" }>;

/** What stays on the screen, as against what Nova is doing just now. */
export const isSaid = (seen: Seen): seen is Said => seen.kind === "changed" || seen.kind === "since";

/** Something that Nova said before reads otherwise by now, or was said while nobody looked. */
export const saying = (seen: Said, ink: Ink): string =>
  seen.kind === "changed" ? `Changed: ${seen.line}` : sinceThen(seen.said, ink);

export const sinceThen = (said: readonly Unasked[], ink: Ink): string =>
  [ink.bold("Since you were here:"), ...said.map((each) => unaskedWords(each, ink)), ""].join("\n\n").trimEnd() + "\n";

export const unaskedWords = ({ name, body }: Unasked, ink: Ink): string => `${body}\n${ink.dim(name)}`;

export function statusOf(seen: Exclude<Seen, Said>): string {
  switch (seen.kind) {
    case "accepted":
      return "Waiting for a free hand";
    case "routed":
      return seen.agent === null ? "Nova answers" : `${seen.name} is at work`;
    case "status":
      return seen.line;
    case "draft":
      return "Writing";
  }
}
