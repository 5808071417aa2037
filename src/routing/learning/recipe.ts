/** Keeps what was learned by one version of the code from another version. Put around the cache by the roof. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RouterCache } from "./training.ts";

/**
 * `sources` are folders and files of code: what any of them says is part of the key, so that nobody has to remember to change
 * a number when a rule of learning changes. Read once, when the cache is first used; takes some milliseconds.
 */
export function underRecipe(cache: RouterCache, sources: readonly string[]): RouterCache {
  let reading: Promise<string> | undefined;
  const under = async (key: string): Promise<string> => {
    const recipe = await (reading ??= digestOfSources(sources));
    return createHash("sha256").update(`${recipe} ${key}`).digest("hex");
  };
  return {
    read: async (key) => cache.read(await under(key)),
    write: async (key, bytes) => cache.write(await under(key), bytes),
  };
}

async function digestOfSources(sources: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) {
    for (const name of source.endsWith(".ts") ? ["."] : await namesIn(source)) {
      hash.update(`${name}\n`);
      hash.update(await readFile(join(source, name)));
    }
  }
  return hash.digest("hex");
}

const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts")).toSorted();
