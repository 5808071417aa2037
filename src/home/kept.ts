/** NOVA_HOME/cache: what can be worked out again and is quicker to read. Handed by the roof to who works it out. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface KeptFiles {
  /** Undefined when there is none, or no right to it. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Does nothing where nothing can be written. A reader never meets half a file. */
  write(key: string, bytes: Uint8Array): Promise<void>;
}

/** Files that a crash left behind half-written are taken away together with the oldest. */
const DRAFT = ".new";

/** Keeps the `most` files of this kind that were written last. A key is made of letters, figures, `-` and `_`. */
export function keepFiles(home: string, { kind, most }: { readonly kind: string; readonly most: number }): KeptFiles {
  const folder = join(home, "cache");
  const path = (key: string): string => join(folder, `${kind}-${key}.bin`);
  return {
    async read(key) {
      try {
        return await readFile(path(key));
      } catch {
        return undefined; // Never kept, pruned, or not ours to read: in each case it is worked out again.
      }
    },
    async write(key, bytes) {
      const draft = `${path(key)}.${crypto.randomUUID()}${DRAFT}`;
      try {
        // Not with the folders above it: a home that is not there is nobody's to make here.
        await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
        await writeFile(draft, bytes, { mode: 0o600 });
        await rename(draft, path(key));
        await prune(folder, `${kind}-`, most);
      } catch {
        await rm(draft, { force: true }).catch(() => undefined); // A full or read-only disk costs time, no message.
      }
    },
  };
}

async function prune(folder: string, prefix: string, most: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs, draft: name.endsWith(DRAFT) })),
  );
  const oldest = dated
    .toSorted((a, b) => Number(a.draft) - Number(b.draft) || b.at - a.at)
    .slice(most)
    .map(({ name }) => name);
  await Promise.all(oldest.map((name) => rm(join(folder, name), { force: true })));
}
