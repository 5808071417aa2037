/** Writes a backup's stream into a file that is there whole or not at all. Called by the roof. */
import { createHash } from "node:crypto";
import { open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { NovaError, type ArchiveManifest, type Backup, type Parts } from "#core";
import { linesOf } from "./format.ts";

/**
 * Writes beside the file, mode 0600, and gives it its name when every byte is on the disk. Refuses a file that exists:
 * it may be the only other backup.
 */
export async function writeBackup(file: string, parts: Parts, onRows: (rows: number) => void): Promise<Backup> {
  await refuseExisting(file);
  const partial = `${file}.partial`;
  const handle = await create(partial, file);
  try {
    const manifest = await fill(handle, parts, onRows);
    const { size } = await stat(partial);
    await rename(partial, file);
    await flushFolder(dirname(file));
    return { file, bytes: size, manifest };
  } catch (error) {
    await rm(partial, { force: true });
    throw unwritable(file, error);
  }
}

/** Closes the handle in any case, and on success not before the disk has it all. */
async function fill(handle: FileHandle, parts: Parts, onRows: (rows: number) => void): Promise<ArchiveManifest> {
  let manifest: ArchiveManifest | undefined;
  const noted = async function* (): Parts {
    let rows = 0;
    for await (const part of parts) {
      if (part.kind === "manifest") manifest = part.manifest;
      yield part;
      if (part.kind === "rows") onRows((rows += part.rows.length));
    }
  };
  // One batch at a time is in memory; Readable.from would read sixteen ahead.
  const lines = Readable.from(sealed(noted()), { highWaterMark: 1 });
  await pipeline(lines, createGzip(), handle.createWriteStream({ flush: true }));
  if (!manifest) throw new Error("a backup without a manifest");
  return manifest;
}

async function* sealed(parts: Parts): AsyncGenerator<string> {
  const hash = createHash("sha256");
  for await (const part of parts) {
    const lines = linesOf(part, () => ({ sha256: hash.digest("hex") }));
    if (part.kind !== "end") hash.update(lines);
    if (lines !== "") yield lines;
  }
}

async function refuseExisting(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return;
  const what = found.isDirectory() ? "is a folder" : "exists already";
  throw new NovaError("bad_input", `${file} ${what}.`, { advice: "Choose another name; no backup is overwritten." });
}

async function create(partial: string, file: string): Promise<FileHandle> {
  try {
    return await open(partial, "wx", 0o600);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw unwritable(file, error);
    throw new NovaError("bad_input", `${partial} exists: another backup writes it, or one was broken off.`, {
      advice: "Remove it if nothing writes it any more, or choose another name.",
    });
  }
}

/** A new name is only safe once its folder is on the disk too. Some file systems cannot: the file itself is. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the disk is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is no folder",
  EFBIG: "it would be too large for this disk",
  ENAMETOOLONG: "the name is too long",
};

function unwritable(file: string, error: unknown): unknown {
  const reason = REASONS[codeOf(error) ?? ""];
  if (reason === undefined) return error;
  return new NovaError("bad_input", `The backup could not be written to ${file}: ${reason}.`, {
    advice: "Nothing was left behind. Name another file, and try again.",
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
