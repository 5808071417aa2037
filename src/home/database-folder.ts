/** NOVA_HOME/database: where the embedded engine keeps its data, and how another one takes its place. Used by the roof. */
import { access, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** All of them are to be called while holding the folder's lock, with no engine open on `database`. */
const current = (home: string): string => join(home, "database");
/** Not finished: worth nothing. */
const draft = (home: string): string => join(home, "database.restoring");
/** Finished: from the moment it has this name it is what counts, though a crash may keep it from its place. */
const decided = (home: string): string => join(home, "database.restored");

/** The folder to open. Ends a replacement that a crash broke off. */
export async function databaseFolder(home: string, now: Date): Promise<string> {
  if (await exists(decided(home))) await putInPlace(home, now);
  return current(home);
}

export const hasDatabase = (home: string): Promise<boolean> => exists(current(home));

/** What `databaseFolder` would find, without doing anything about it. `unfinished`: a crash broke a replacement off. */
export type DatabaseFound =
  | { readonly kind: "none" }
  | { readonly kind: "unfinished" }
  | { readonly kind: "there"; readonly folder: string };

export async function lookForDatabase(home: string): Promise<DatabaseFound> {
  if (await exists(decided(home))) return { kind: "unfinished" };
  return (await hasDatabase(home)) ? { kind: "there", folder: current(home) } : { kind: "none" };
}

/** An empty place to build another database in. */
export async function draftFolder(home: string): Promise<string> {
  await dropDraft(home);
  return draft(home);
}

export async function dropDraft(home: string): Promise<void> {
  await rm(draft(home), { recursive: true, force: true });
}

/** Puts the finished draft in the place of the database; returns where the old one is kept, if there was one. */
export async function replaceDatabase(home: string, now: Date): Promise<string | null> {
  await rename(draft(home), decided(home));
  return putInPlace(home, now);
}

async function putInPlace(home: string, now: Date): Promise<string | null> {
  const kept = (await hasDatabase(home)) ? `${current(home)}.before-restore-${stamp(now)}` : null;
  if (kept !== null) await rename(current(home), kept);
  await rename(decided(home), current(home));
  return kept;
}

/** As file names can have it: 2026-11-21T110005123Z. */
const stamp = (now: Date): string => now.toISOString().replace(/[:.]/g, "");

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
