/** NOVA_HOME/run.json: where the running service of this folder listens for its operator. Mode 0600. */
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const schema = z.object({
  /** The control port, on loopback. */
  port: z.int().min(1).max(65_535),
  /** The bearer that the control port asks for. */
  token: z.string().min(16),
  pid: z.int(),
  startedAt: z.coerce.date(),
  version: z.string(),
});
export type RunFile = Readonly<z.infer<typeof schema>>;

const path = (folder: string): string => join(folder, "run.json");

/** Replaces the file in one step, so that a reader never meets half of it. Call only while holding the folder's lock. */
export async function writeRunFile(folder: string, run: RunFile): Promise<void> {
  const draft = `${path(folder)}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path(folder));
}

/** Undefined when there is none, or nothing that can be understood: a crash may leave anything behind. */
export async function readRunFile(folder: string): Promise<RunFile | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path(folder), "utf8")));
  } catch {
    return undefined; // No file, no right to it, or not ours: in each case no service can be reached through it.
  }
}

export async function removeRunFile(folder: string): Promise<void> {
  await rm(path(folder), { force: true });
}
