/** Plug-in files as the loaders meet them: listed in a fixed order, imported, and named without the machine's path. */
import { readdir } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { NovaError } from "#core";

export type Entry = { readonly name: string; readonly path: string; readonly folder: boolean };

/** What a folder holds, by name, hidden files left out. A folder that cannot be read is a `bad_plugin`. */
export async function list(folder: string): Promise<readonly Entry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new NovaError("bad_plugin", `The folder ${basename(folder)}/ cannot be read.`, {
      advice: "Nova looks for its plug-ins there; start it from a complete copy of the project.",
      cause,
    });
  });
  return entries
    .filter((entry) => !entry.name.startsWith("."))
    .map((entry) => ({ name: entry.name, path: join(folder, entry.name), folder: entry.isDirectory() }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The exports of a module. One that cannot be imported is a `bad_plugin` that names it. */
export async function open(path: string, shown: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const module: unknown = await import(pathToFileURL(path).href);
    return isRecord(module) ? module : {};
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n", 1)[0] : "unknown reason";
    throw new NovaError("bad_plugin", `${shown}: cannot be imported: ${reason}`, {
      advice: "Run `npm run check`; it names the line.",
      cause,
    });
  }
}

/** A file's path as errors show it, counted from the folder that holds the plug-in folder. */
export function shown(path: string, dir: string): string {
  return relative(resolve(dir, ".."), resolve(path)).replaceAll("\\", "/");
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
