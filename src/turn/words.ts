/** What a person sent, as text: their own words for the route, and with their files for the agent. Pure. Used by the turn room. */
import { clip, isStop, type Message, type MessageFile } from "#core";

/** Most UTF-16 units of one message: some 30 pages. An agent reads no more of files, either. */
export const MOST_TEXT = 100_000;

/** Less of a file than this says nothing. */
const FEWEST = 200;

/** All of these messages as one text, with the names of their files behind it; a command takes no name for a word of its own. */
export function gistOfAll(messages: readonly Message[]): string {
  const own = joined(messages.map(({ text }) => text));
  return own.trimStart().startsWith("/") || isStop(own) ? own : joined([own, namesOf(filesOf(messages))]);
}

/** The same without the names: what the person says. `words` are those of the route, which may lack a leading name. */
export function ownWords(words: string, messages: readonly Message[]): string {
  const names = namesOf(filesOf(messages));
  return names !== "" && words.endsWith(names) ? words.slice(0, -names.length).trimEnd() : words;
}

/** With each file as a quoted block, and with whatever was not read of them. At most `most` units, said where it is cut. */
export function withFiles(own: string, messages: readonly Message[], most = MOST_TEXT): string {
  const files = filesOf(messages);
  const blocks: string[] = [];
  let left = Math.max(0, most - own.length);
  for (const file of files) {
    const block = blockOf(file, left);
    left -= block.length;
    blocks.push(block);
  }
  return joined([own, ...blocks]);
}

/** What of the files was not read, a sentence each. */
export const faultsOf = (messages: readonly Message[]): readonly string[] =>
  filesOf(messages).flatMap(({ fault }) => fault ?? []);

/** A message of earlier on, as an agent reads it. */
export const readAgain = (message: Message, most: number): Message =>
  message.files ? { ...message, text: withFiles(message.text, [message], message.text.length + most) } : message;

const filesOf = (messages: readonly Message[]): readonly MessageFile[] => messages.flatMap(({ files = [] }) => files);

export const namesOf = (files: readonly MessageFile[]): string => files.map(({ name }) => oneLine(name)).join(", ");

function blockOf(file: MessageFile, most: number): string {
  const { text = "", fault } = file;
  const faults = fault === undefined ? [] : [`(From Nova: ${fault})`];
  if (text === "") return joined(faults);
  if (most < FEWEST) return `(From Nova: ${oneLine(file.name)} was left out, for all of this together is too long.)`;
  const read = text.length > most ? clip(text, most) : text;
  if (read.length < text.length && fault === undefined) faults.push(`(From Nova: ${cutWords(file, text.length)})`);
  const fence = fenceFor(read);
  return joined([`The file ${oneLine(file.name)}, quoted:\n${fence}\n${read}\n${fence}`, ...faults]);
}

export const cutWords = ({ name }: Pick<MessageFile, "name">, length: number): string =>
  `${oneLine(name)} has ${new Intl.NumberFormat("en").format(length)} characters and was too long to be read whole; its end is missing.`;

/** Longer than any run of its own marks inside, so that no file can end its block. */
function fenceFor(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length));
  return "`".repeat(longest + 1);
}

const joined = (texts: readonly string[]): string => texts.filter((text) => text.trim() !== "").join("\n\n");
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
