/** Reads the files that came with a turn's messages, once: what was read is stored with the message. Called by turn.ts. */
import { setTimeout as pause } from "node:timers/promises";
import { type Fetched, type FetchLimits, type Message, type MessageFile, type TakenTurn } from "#core";
import type { Crew } from "./crew.ts";
import type { Hold } from "./hold.ts";
import { cutWords, MOST_TEXT, oneLine } from "./words.ts";

const LIMITS: FetchLimits = { bytes: 1_000_000, ms: 10_000 };
/** So often a file is asked for that its platform fails to hand out, within the file's time. */
const MOST_TRIES = 3;
const PAUSE_MS = 500;
/** Of one message. */
const MOST_FILES = 5;

type Opener = Pick<Crew, "turns" | "outlet" | "progress" | "log">;

/** The turn with all of its files read, or with the reason why one was not. Throws when the hold is lost meanwhile. */
export async function openFiles(turn: TakenTurn, crew: Opener, hold: Hold): Promise<TakenTurn> {
  if (turn.messages.every(isRead)) return turn;
  const messages: Message[] = [];
  for (const message of turn.messages) messages.push(isRead(message) ? message : await read(turn, message, crew, hold));
  return { ...turn, messages };
}

const isRead = ({ files = [] }: Message): boolean => files.every(isOpen);
const isOpen = (file: MessageFile): boolean => file.text !== undefined || file.fault !== undefined;

async function read(turn: TakenTurn, message: Message, crew: Opener, hold: Hold): Promise<Message> {
  const { signal } = hold;
  const given = message.files ?? [];
  const names = given.slice(0, MOST_FILES).map(({ name }) => oneLine(name));
  crew.progress.publish(turn.address, { kind: "status", turn: turn.id, line: `Reading ${names.join(", ")}` });
  const files = await Promise.all(
    given.map(async (file, i) => (isOpen(file) ? file : open(file, i, { turn, crew, signal }))),
  );
  if (!(await crew.turns.noteFiles(turn, message.id, files))) hold.lose();
  signal.throwIfAborted();
  return { ...message, files };
}

type At = { readonly turn: TakenTurn; readonly crew: Opener; readonly signal: AbortSignal };

async function open(file: MessageFile, place: number, at: At): Promise<MessageFile> {
  const name = oneLine(file.name);
  const fault = (why: string): MessageFile => ({ ...file, fault: why });
  if (place >= MOST_FILES) return fault(`${name} was not read: Nova reads at most ${MOST_FILES} files of one message.`);
  const kind = kindOf(file);
  if (kind && NEVER_WORDS.test(file.mime)) return fault(noWords(name, kind));
  if (file.size > LIMITS.bytes) return fault(tooLarge(name));
  const fetched = await fetch(file, at);
  if (fetched.kind === "refused") return fault(named(fetched.why, name));
  if (fetched.kind === "failed") return fault(`${named(fetched.why, name)} Send it again to have it read.`);
  if (fetched.bytes.byteLength > LIMITS.bytes) return fault(tooLarge(name));
  const text = wordsIn(fetched.bytes);
  if (text === undefined) return fault(noWords(name, kind ?? "no UTF-8 text"));
  if (text.trim() === "") return fault(`${name} is empty.`);
  if (text.length <= MOST_TEXT) return { ...file, text };
  return { ...file, text: text.slice(0, MOST_TEXT).toWellFormed(), fault: cutWords(file, text.length) };
}

async function fetch(file: MessageFile, { turn, crew, signal }: At): Promise<Fetched> {
  const outlet = crew.outlet(turn.address);
  if (!outlet?.fetch) return GONE;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMITS.ms)]);
  try {
    return await Promise.race([patiently(() => outlet.fetch?.(file, LIMITS, limit), limit), ended(limit)]);
  } catch (error) {
    signal.throwIfAborted();
    // An adapter that throws has broken its promise, and one that is slow has had its time: neither costs an answer.
    crew.log.warn("file.not_fetched", { turn: turn.id, error: error instanceof Error ? error.name : "unknown" });
    if (!limit.aborted) return { kind: "refused", why: "Its platform did not hand it out." };
    return { kind: "failed", why: `It did not arrive within ${LIMITS.ms / 1_000} seconds.` };
  }
}

/** Until it is there, or refused, or the tries or the time for it are over. */
async function patiently(ask: () => Promise<Fetched> | undefined, signal: AbortSignal): Promise<Fetched> {
  for (let tries = 1; ; tries += 1) {
    const fetched = (await ask()) ?? GONE;
    if (fetched.kind !== "failed" || tries === MOST_TRIES || (fetched.afterMs ?? 0) > LIMITS.ms) return fetched;
    await pause(Math.max(fetched.afterMs ?? 0, PAUSE_MS * tries), undefined, { signal });
  }
}

const GONE: Fetched = { kind: "refused", why: "Its channel hands out no files here." };

const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** Well-formed UTF-8 without NUL; undefined for everything else. */
function wordsIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Not even fetched. What platforms call an SVG image or, by the end of its name, an MPEG stream may well be words. */
const NEVER_WORDS = /^(?:image\/(?!svg)|audio\/|video\/(?!mp2t))/i;

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^image\//i, "an image"],
  [/^audio\//i, "a sound recording"],
  [/^video\//i, "a video"],
  [/\bpdf\b/i, "a PDF"],
  [/zip|compressed|tar$/i, "an archive"],
  [/officedocument|msword|ms-excel|ms-powerpoint|opendocument/i, "an office document"],
];

const named = (why: string, name: string): string => (why.includes(name) ? why : `${name} was not read. ${why}`);
const kindOf = ({ mime }: MessageFile): string | undefined => KINDS.find(([pattern]) => pattern.test(mime))?.[1];
const noWords = (name: string, kind: string): string => `${name} is ${kind}; Nova reads text files only.`;
const tooLarge = (name: string): string => `${name} is too large; Nova reads files of up to 1 MB.`;
