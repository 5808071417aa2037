/** A copy of the plug-in folders outside the project, for trials that add to them. Used by the contract suites. */
import { cp, mkdtemp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const PROJECT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
export const AGENTS = join(PROJECT, "agents");
export const TOOLS = join(AGENTS, "tools");
export const ADAPTERS = join(PROJECT, "adapters");

export interface Trial {
  readonly agents: string;
  readonly tools: string;
  readonly adapters: string;
  /** Writes a file; the path counts from the trial's folder. */
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Copies agents/; adapters/ begins empty. The core is the project's own, reached by a link. */
export async function openTrial(): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), "nova-trial-"));
  const at = (path: string) => join(folder, path);
  await writeFile(at("package.json"), '{ "type": "module", "imports": { "#core": "./src/core/index.ts" } }');
  await symlink(join(PROJECT, "src"), at("src"));
  await symlink(join(PROJECT, "node_modules"), at("node_modules"));
  await cp(AGENTS, at("agents"), { recursive: true });
  await mkdir(at("adapters"));
  return {
    agents: at("agents"),
    tools: at("agents/tools"),
    adapters: at("adapters"),
    async write(path, text) {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), text);
    },
    read: (path) => readFile(at(path), "utf8"),
    remove: (path) => rm(at(path), { recursive: true }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
