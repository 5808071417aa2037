/** NOVA_HOME/moved: says that what was stored here lives elsewhere now, so that nobody goes on with the copy by mistake. Used by the roof. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NovaError } from "#core";

const mark = (home: string): string => join(home, "moved");

/** `to`: where it lives now, without a password. */
export async function markMoved(home: string, to: string, now: Date): Promise<void> {
  await writeFile(mark(home), `${to}\n${now.toISOString()}\n`, { mode: 0o600 });
}

export async function unmarkMoved(home: string): Promise<void> {
  await rm(mark(home), { force: true });
}

export async function refuseMoved(home: string): Promise<void> {
  const text = await readFile(mark(home), "utf8").catch(() => undefined);
  if (text === undefined) return;
  const [to = "a server", at = "earlier"] = text.split("\n");
  throw new NovaError("bad_config", `What was stored in ${home} was moved to ${to} (${at}).`, {
    advice: `Set DATABASE_URL to it. To go on with the copy that stayed here instead, remove the file ${mark(home)}.`,
  });
}
