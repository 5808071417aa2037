/** Homes for Nova processes in tests, as a first start leaves them. */
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";

/** A fresh folder for NOVA_HOME with nobody's words in it; the caller removes it. */
export async function startedHome(name: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), `nova-${name}-`));
  await fillHome(home);
  return home;
}

/** The same in a folder that is not there yet, or is empty. */
export async function fillHome(home: string): Promise<void> {
  await cp(inject("homeTemplate"), home, { recursive: true });
}
