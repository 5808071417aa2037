/** Reads a data file and checks its form; a fault is told by file and field. Called by the roof. */
import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { NovaError } from "#core";

/** `schema` says what is read of it. Throws `bad_input`. */
export async function readData<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(jsonOf(file, await textOf(file, signal)));
  if (parsed.success) return parsed.data;
  const [first, ...others] = parsed.error.issues;
  const place = pathOf(first?.path ?? []);
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new NovaError("bad_input", `${file} has another form than is read here: ${place}: ${first?.message}${more}.`, {
    advice: "`nova eval --help` says which file goes where.",
  });
}

async function textOf(file: string, signal: AbortSignal): Promise<string> {
  try {
    return await readFile(file, { encoding: "utf8", signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new NovaError("bad_input", `${file} cannot be read: ${reasonOf(error)}.`, { advice: "Check the name." });
  }
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NovaError("bad_input", `${file} is no JSON.`, {
      advice: "`nova eval --help` says which file goes where.",
    });
  }
}

/** `conversations[0].sessions[3].at` */
function pathOf(path: readonly PropertyKey[]): string {
  const joined = path.reduce<string>(
    (sofar, key) => (typeof key === "number" ? `${sofar}[${key}]` : `${sofar}${sofar === "" ? "" : "."}${String(key)}`),
    "",
  );
  return joined === "" ? "the file as a whole" : joined;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "its folder is a file",
  EISDIR: "it is a folder",
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return REASONS[code] ?? `error ${code}`;
}
