/** `nova chat`: a conversation in the terminal. Called by cli.ts with a way to reach Nova. */
import { NovaError, sentenceFor } from "#core";
import { changed, printed, statusOf } from "./ask.ts";
import { label } from "./label.ts";
import { createLive } from "./live.ts";
import { createPrompt } from "./prompt.ts";
import { createTalk, type Past, type Talk } from "./talk.ts";
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
  const talk = createTalk(fetch, terminal.look, options.as);
  const past = await talk.past(PAST, options.signal);
  if (out.isTTY) out.write(greeting(past, terminal));

  let running: Running | undefined;
  const prompt = createPrompt(terminal, {
    mark: ink.bold(`${past.person.name}> `),
    history: options.history,
    onInterrupt: () => running?.interrupt() ?? false,
  });
  const leave = (): void => prompt.close();
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
  }
  if (out.isTTY) out.write(ink.dim("\nBye. Nova keeps what was said.\n"));
}

const LEAVE = /^\/(quit|exit|bye)$/i;

type Running = {
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
        if (seen.kind === "changed") return live.say(terminal.ink.dim(changed(seen)));
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

function greeting({ person, messages }: Past, { ink }: Terminal): string {
  const lines = messages.map((message) =>
    message.from === null
      ? `${message.body}\n${label(message, ink)}\n`
      : `${ink.bold(`${message.from}> `)}${message.body}`,
  );
  const hint = ink.dim("/help shows what Nova can do. Ctrl-C stops an answer; at an empty prompt it leaves.");
  const hello = messages.length === 0 ? `Hello ${person.name}. ${hint}` : hint;
  return `${[...lines, hello].join("\n")}\n\n`;
}
