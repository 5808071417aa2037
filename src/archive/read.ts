/** Reads a backup file, and believes none of it before its seal has been seen. Called by the roof. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import {
  NovaError,
  type ArchivedTable,
  type ArchiveManifest,
  type ArchivePart,
  type ArchiveRow,
  type Backup,
} from "#core";
import { FORMAT, greeting, manifestLine, rowLine, sealLine, tableLine } from "./format.ts";
import { linesIn } from "./lines.ts";

const BATCH_ROWS = 500;

/** Reads the file through. Throws in words when it is not whole, not a backup, or made by a newer Nova. */
export async function checkBackup(file: string, onRows: (rows: number) => void, signal: AbortSignal): Promise<Backup> {
  let manifest: ArchiveManifest | undefined;
  let rows = 0;
  for await (const part of readBackup(file)) {
    signal.throwIfAborted();
    if (part.kind === "manifest") manifest = part.manifest;
    if (part.kind === "rows") onRows((rows += part.rows.length));
  }
  if (!manifest) throw notWhole(file);
  return { file, bytes: (await stat(file)).size, manifest };
}

/** The file's stream. It throws where the file is found wanting, at the latest at its end. */
export async function* readBackup(file: string): AsyncGenerator<ArchivePart> {
  await refuseUnreadable(file);
  const gunzip = createGunzip();
  // What goes wrong in the file comes out of the stream that is read.
  pipeline(createReadStream(file), gunzip, () => undefined);
  try {
    yield* partsIn(file, linesIn(gunzip));
  } catch (error) {
    throw asWords(file, error);
  } finally {
    gunzip.destroy();
  }
}

async function* partsIn(file: string, lines: AsyncIterable<Buffer>): AsyncGenerator<ArchivePart> {
  const hash = createHash("sha256");
  let manifest: ArchiveManifest | undefined;
  let table: ArchivedTable | undefined;
  const rows: ArchiveRow[] = [];
  const counts = new Map<string, number>();
  let sealed = false;

  for await (const line of lines) {
    if (sealed) throw damaged(file, "it goes on after its end");
    const value = parsed(file, line, manifest === undefined);
    if (!manifest) {
      manifest = manifestFrom(file, value);
      yield { kind: "manifest", manifest };
    } else if (Array.isArray(value)) {
      const row = rowLine.safeParse(value);
      if (!table || !row.success || row.data.length !== table.columns.length) throw damaged(file, "a row does not fit");
      rows.push(row.data);
      counts.set(table.name, (counts.get(table.name) ?? 0) + 1);
      if (rows.length >= BATCH_ROWS) yield { kind: "rows", rows: rows.splice(0) };
    } else {
      if (rows.length > 0) yield { kind: "rows", rows: rows.splice(0) };
      const next = z.union([tableLine, sealLine]).safeParse(value);
      if (!next.success) throw damaged(file, "a line is none of a backup's");
      if ("table" in next.data) {
        table = { ...next.data, name: next.data.table };
        counts.set(table.name, 0);
        yield { kind: "table", table };
      } else {
        const { end, sha256 } = next.data;
        if (sha256 !== hash.digest("hex")) throw damaged(file, "its content is not what was written");
        if (!agree(manifest, counts)) throw damaged(file, "it does not hold as many rows as it says");
        sealed = true;
        yield { kind: "end", tables: end };
        continue;
      }
    }
    if (!sealed) hash.update(line).update("\n");
  }
  if (!manifest) throw noBackup(file, "it is gzip, but there is nothing in it");
  if (!sealed) throw notWhole(file);
}

const agree = ({ tables }: ArchiveManifest, counts: ReadonlyMap<string, number>): boolean =>
  tables.length === counts.size && tables.every(({ name, rows }) => counts.get(name) === rows);

function parsed(file: string, line: Buffer, first: boolean): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch (cause) {
    throw first
      ? noBackup(file, "it is gzip, but of something else", cause)
      : damaged(file, "a line is no JSON", cause);
  }
}

function manifestFrom(file: string, value: unknown): ArchiveManifest {
  const hello = greeting.safeParse(value);
  if (!hello.success) throw noBackup(file, "it is gzip, but of something else");
  const { format, version } = hello.data;
  if (format !== FORMAT) {
    throw new NovaError(
      "newer_database",
      `${file} was made by Nova ${version} in format ${format}; this Nova reads format ${FORMAT}.`,
      { advice: "Read it with the Nova that made it." },
    );
  }
  const manifest = manifestLine.safeParse(value);
  if (!manifest.success) throw damaged(file, "its first line is not complete");
  const { engine, madeAt, migrations, tables } = manifest.data;
  return { version, engine, madeAt, migrations, tables };
}

async function refuseUnreadable(file: string): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    throw asWords(file, cause);
  });
  if (found.isDirectory()) throw noBackup(file, "it is a folder");
  if (found.size === 0) throw noBackup(file, "the file is empty");
}

/** What node says of a file, and zlib of its content, by code. */
function asWords(file: string, error: unknown): unknown {
  if (error instanceof NovaError) return error;
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "ENOENT":
      return new NovaError("bad_input", `There is no file ${file}.`, {
        advice: "Name the file of a backup.",
        cause: error,
      });
    case "EACCES":
    case "EPERM":
      return new NovaError("bad_input", `This user may not read ${file}.`, {
        advice: "Give this user the right to it.",
        cause: error,
      });
    case "Z_BUF_ERROR":
      return notWhole(file, error);
    case "Z_DATA_ERROR":
      // Zlib tells a foreign beginning from a damaged middle by its words only.
      return error instanceof Error && error.message === "incorrect header check"
        ? noBackup(file, "it is not compressed as one", error)
        : damaged(file, "it cannot be unpacked", error);
    default:
      return error;
  }
}

const ELSE = "Nothing was changed. Use another backup.";

const noBackup = (file: string, why: string, cause?: unknown): NovaError =>
  new NovaError("bad_input", `${file} is no backup of Nova: ${why}.`, { advice: ELSE, cause });

const notWhole = (file: string, cause?: unknown): NovaError =>
  new NovaError("bad_input", `${file} is not whole: it ends too early.`, { advice: ELSE, cause });

const damaged = (file: string, why: string, cause?: unknown): NovaError =>
  new NovaError("bad_input", `${file} is damaged: ${why}.`, { advice: ELSE, cause });
