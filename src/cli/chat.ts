/** `nova chat`: a conversation in the terminal. Called by cli.ts with a way to reach Nova. */
import { setTimeout as pause } from "node:timers/promises";
import { NovaError, sentenceFor } from "#core";
import { isSaid, printed, saying, sinceThen, statusOf, unaskedWords } from "./ask.ts";
import { label } from "./label.ts";
import { createLive } from "./live.ts";
import { createPrompt } from "./prompt.ts";
import { createTalk, type Past, type Talk, type Unasked } from "./talk.ts";
import type { Fetch } from "./client.ts";
import type { Terminal } from "./terminal.ts";

export type ChatOptions = {
  readonly as: string | undefined;
  /** Newest first. */
  readonly history: readonly string[];
  readonly keepHistory: (lines: readonly string[]) => Promise<void>;
  readonly signal: AbortSignal;
};

/** Messages of the last conversation that are shown at the start. */
const PAST = 6;

/** Resolves when the person leaves. A message that fails is told and the chat goes on. */
export async function chat(fetch: Fetch, terminal: Terminal, options: ChatOptions): Promise<void> {
  const { out, ink } = terminal;
  const talk = createTalk(fetch, terminal.look, { as: options.as, listening: out.isTTY === true });
  const past = await talk.past(PAST, options.signal);
  if (out.isTTY) out.write(greeting(past, terminal));

  let running: Running | undefined;
  const prompt = createPrompt(terminal, {
    mark: ink.bold(`${past.person.name}> `),
    history: options.history,
    onInterrupt: () => running?.interrupt() ?? false,
  });
  const left = new AbortController();
  const leave = (): void => prompt.close();
  const listening =
    out.isTTY === true
      ? listen(talk, past, (said) => (running ?? prompt).say(`${unaskedWords(said, ink)}\n`), left.signal)
      : undefined;
  options.signal.addEventListener("abort", leave);
  try {
    for (let text = await prompt.next(); text !== undefined; text = await prompt.next()) {
      if (LEAVE.test(text.trim())) break;
      running = exchange(text, talk, terminal, options.signal);
      await running.done;
      running = undefined;
      await options.keepHistory(prompt.history());
    }
  } finally {
    options.signal.removeEventListener("abort", leave);
    prompt.close();
    left.abort();
    await listening;
  }
  if (out.isTTY) out.write(ink.dim("\nBye. Nova keeps what was said.\n"));
}

const LEAVE = /^\/(quit|exit|bye)$/i;

const AGAIN_MS = 2_000;

/** What Nova says unasked shows while the chat is open. Where Nova is away it is looked for again; ends with the signal. */
async function listen(talk: Talk, past: Past, onSaid: (said: Unasked) => void, signal: AbortSignal): Promise<void> {
  let after = past.messages.at(-1)?.id ?? null;
  while (!signal.aborted) {
    try {
      await talk.listen(
        after,
        (said) => {
          after = said.id;
          onSaid(said);
        },
        signal,
      );
    } catch {
      // The next message that is sent tells of whatever is wrong.
    }
    await pause(AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}

type Running = {
  /** A line that stays, above what is drawn. */
  say(text: string): void;
  readonly done: Promise<void>;
  /** The first stops the answer, the second gives up waiting for it. Always true: something was there to stop. */
  interrupt(): boolean;
};

function exchange(text: string, talk: Talk, terminal: Terminal, signal: AbortSignal): Running {
  const live = createLive(terminal.out, terminal.ink);
  live.status("Sending");
  const gaveUp = new AbortController();
  const either = AbortSignal.any([signal, gaveUp.signal]);
  let stopping = false;

  const done = talk
    .say(
      text,
      (seen) => {
        if (isSaid(seen)) return live.say(terminal.ink.dim(saying(seen, terminal.ink)));
        if (!stopping) live.status(`${statusOf(seen)} · Ctrl-C stops`);
        if (seen.kind === "draft") live.draft(seen.text);
      },
      either,
    )
    .finally(() => live.clear())
    .then(
      (answer) => void terminal.out.write(`${printed(answer, terminal)}\n\n`),
      (error: unknown) => {
        signal.throwIfAborted();
        terminal.err.write(`${terminal.errInk.red(told(error, gaveUp.signal))}\n\n`);
      },
    );
  return {
    say: (text) => live.say(text),
    done,
    interrupt() {
      if (stopping) gaveUp.abort();
      else {
        stopping = true;
        live.status("Stopping · Ctrl-C again stops waiting");
        talk.stop(either).catch(() => gaveUp.abort()); // Nobody there to stop it: nothing to wait for either.
      }
      return true;
    },
  };
}

function told(error: unknown, gaveUp: AbortSignal): string {
  if (gaveUp.aborted) return "Not waiting any longer. The reply will stand in the next chat.";
  if (error instanceof NovaError) return sentenceFor(error);
  throw error;
}

function greeting({ person, messages, since }: Past, { ink }: Terminal): string {
  const unseen = new Set(since.map(({ id }) => id));
  const seen = messages.filter(({ id }) => !unseen.has(id));
  const lines = seen.map((message) =>
    message.from === null
      ? `${message.body}\n${label(message, ink)}\n`
      : `${ink.bold(`${message.from}> `)}${message.body}`,
  );
  const hint = ink.dim("/help shows what Nova can do. Ctrl-C stops an answer; at an empty prompt it leaves.");
  const hello = messages.length === 0 ? `Hello ${person.name}. ${hint}` : hint;
  return `${[...lines, ...(since.length > 0 ? [sinceThen(since, ink)] : []), hello].join("\n")}\n\n`;
}
