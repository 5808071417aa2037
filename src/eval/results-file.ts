/** Writes what was measured for `score.mjs`: `{system, results: {item: value}}`. Made by the roof before the long work. */
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { parse, join } from "node:path";
import { NovaError } from "#core";
import { reasonOf } from "./data-file.ts";

export interface ResultsFile {
  readonly file: string;
  /** Puts the whole file in place at once. */
  write(system: string, results: ReadonlyMap<string, unknown>): Promise<void>;
  /** Leaves nothing half-done behind. */
  drop(): Promise<void>;
}

/** Throws `bad_input` when nothing can be written there. What stands there already stays until the results are whole. */
export async function reserveResults(file: string): Promise<ResultsFile> {
  const place = await stat(file).catch(() => undefined);
  if (place?.isDirectory()) throw refusal(file, "it is a folder");
  // A pipe or a device is written to; renaming a file onto it would replace it.
  const partial = place && !place.isFile() ? undefined : `${file}.partial`;
  if (partial !== undefined) await put(partial, "", file);
  return {
    file,
    async write(system, results) {
      await put(partial ?? file, `${JSON.stringify({ system, results: Object.fromEntries(results) })}\n`, file);
      if (partial !== undefined) await rename(partial, file);
    },
    drop: async () => {
      if (partial !== undefined) await rm(partial, { force: true });
    },
  };
}

/** The file of a further draw, beside the first: `r.json`, `r.seed2.json`. */
export function besides(file: string, seed: string): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}.seed${seed}${ext}`);
}

async function put(path: string, text: string, file: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw refusal(file, reasonOf(error));
  }
}

const refusal = (file: string, reason: string): NovaError =>
  new NovaError("bad_input", `The results cannot be written to ${file}: ${reason}.`, {
    advice: "Name another file after --out.",
  });
