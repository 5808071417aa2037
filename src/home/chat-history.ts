/** NOVA_HOME/chat-history: what was typed into `nova chat`, for the arrow keys. Mode 0600, oldest line first. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const MOST = 500;
const path = (folder: string): string => join(folder, "chat-history");

/** Newest first, as node:readline wants it. Empty when there is none: losing it costs nobody a message. */
export async function readChatHistory(folder: string): Promise<string[]> {
  try {
    return (await readFile(path(folder), "utf8")).split("\n").filter(Boolean).toReversed().slice(0, MOST);
  } catch {
    return []; // A first chat, or a file that this user may not read.
  }
}

/** Takes lines newest first. */
export async function writeChatHistory(folder: string, lines: readonly string[]): Promise<void> {
  const kept = lines.slice(0, MOST).toReversed();
  await writeFile(path(folder), kept.map((line) => `${line.replace(/[\r\n]+/g, " ")}\n`).join(""), { mode: 0o600 });
}
