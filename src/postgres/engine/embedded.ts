/** Opens the embedded engine, in a folder or in memory. Used by database.ts when no server is configured. */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { NovaError } from "#core";
import { watchEnd } from "./engine-end.ts";
import type { EngineEnded } from "./failure.ts";

export type EmbeddedOptions = {
  /** Where the data is kept; absent: in memory. The caller holds the folder's lock: the engine has none of its own. */
  readonly folder: string | undefined;
  /** A dumped data folder to begin with, as a blob or the path of one. */
  readonly template: Blob | string | undefined;
  /** Called once, when the engine has ended in the middle of its work. */
  readonly onEnd: (end: EngineEnded) => void;
};

export async function openEmbedded({ folder, template, onEnd }: EmbeddedOptions): Promise<PGlite> {
  try {
    if (folder !== undefined) await prepare(folder);
    const dump = typeof template === "string" ? new Blob([await readFile(template)]) : template;
    const engine = await PGlite.create({
      ...(folder === undefined ? {} : { dataDir: folder }),
      ...(dump === undefined ? {} : { loadDataDir: dump }),
      extensions: { vector },
    });
    watchEnd(engine, onEnd);
    return engine;
  } catch (cause) {
    if (cause instanceof NovaError) throw cause;
    const place = folder === undefined ? "The embedded database" : `The embedded database in ${folder}`;
    throw new NovaError("database", `${place} could not be opened.`, {
      advice:
        "Check that the folder is readable, writable and undamaged; restore a backup, or move it away to begin anew.",
      cause,
    });
  }
}

/** The engine makes a new database wherever it misses the mark of one, over whatever else lies there. */
async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const entries = await readdir(folder);
  if (entries.length === 0 || entries.includes("PG_VERSION")) return;
  throw new NovaError(
    "database",
    `The folder ${folder} is not empty, and it is no whole database: PG_VERSION is missing.`,
    {
      advice: "Nothing was changed. Restore a backup, or move the folder away to begin anew.",
    },
  );
}
