/**
 * A PostgreSQL server of a test's own, to be stopped and started at will. NOVA_TEST_POSTGRES names a folder in which
 * `.ci/postgres` has built one; its programs are used, its data is left alone.
 */
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export const BUILT = process.env["NOVA_TEST_POSTGRES"];

export interface OwnServer {
  readonly url: string;
  start(): Promise<void>;
  /** As a crash would: nobody's transaction is waited for. */
  stop(): Promise<void>;
  discard(): Promise<void>;
}

export async function openServer(built: string): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), "nova-server-"));
  // The server runs as a user of its own when the test runs as root.
  await chmod(folder, 0o755);
  for (const name of ["root", "built"]) await symlink(join(built, name), join(folder, name));
  const port = await freePort();
  const tell = (verb: string) => promisify(execFile)(SCRIPT, [verb, folder, String(port)]);
  const { stdout } = await tell("start");
  return {
    url: stdout.trim(),
    start: async () => void (await tell("start")),
    stop: async () => void (await tell("stop")),
    async discard() {
      await tell("stop").catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const SCRIPT = new URL("../../.ci/postgres", import.meta.url).pathname;

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}
