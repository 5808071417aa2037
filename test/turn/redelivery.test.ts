/** A process killed between storing a message and working on it; its platform delivers the same message again. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { startNova } from "../support/nova.ts";

/** Where the killed process works, and how its successor opens that. */
async function place(): Promise<{ readonly where: string; readonly open: () => Promise<Database> }> {
  const database = await testDatabase();
  if ("connectionString" in database.connection) {
    return { where: String(database.connection.connectionString), open: async () => database };
  }
  await database.close();
  const home = await mkdtemp(join(tmpdir(), "nova-redelivery-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const folder = join(home, "database");
  return { where: folder, open: () => openDatabase({ folder, log: silentLog }) };
}

test("E1: exactly one reply comes of it", { timeout: 90_000 }, async () => {
  const { where, open } = await place();
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", new URL("store-and-hang.ts", import.meta.url).pathname, where, "event-1"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [said]: unknown[] = await once(child.stdout, "data");
  expect(String(said)).toContain("new");
  child.kill("SIGKILL");
  await once(child, "exit");

  const lab = await startNova({ database: await open() });
  onTestFinished(() => lab.nova.stop());
  expect(await lab.channel.say("owner", "/help", { key: "event-1" })).toMatchObject({
    kind: "accepted",
    duplicate: true,
  });
  await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(1), { timeout: 20_000, interval: 20 });
  await lab.nova.settled(AbortSignal.timeout(20_000));
  expect(await lab.channel.say("owner", "/help", { key: "event-1" })).toMatchObject({ duplicate: true });
  await lab.nova.settled(AbortSignal.timeout(20_000));
  expect(lab.channel.sent()).toHaveLength(1);
  const { rows } = await lab.database.pool.query(
    "select turn.state from message join turn on turn.id = turn_id order by 1",
  );
  expect(rows).toEqual([{ state: "done" }, { state: "done" }]);
});
