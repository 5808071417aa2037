/** A process that serves one call and never ends it, to be killed. Started by queue.test.ts with a data folder. */
import { conversationId } from "#core";
import { openDatabase } from "../../src/postgres/engine/database.ts";
import { migrate } from "../../src/postgres/engine/migrate.ts";
import { createQueue } from "../../src/postgres/queue/queue.ts";
import { silentLog } from "../support/log.ts";

const [, , folder = ""] = process.argv;
const database = await openDatabase({ folder, log: silentLog });
await migrate(database, new URL("../../migrations", import.meta.url).pathname);
const queue = await createQueue(database, silentLog);
await queue.serve({
  turn: () => {
    process.stdout.write("serving\n");
    return new Promise(() => {});
  },
  deliver: async () => {},
  effect: async () => {},
  dead: async () => {},
});
await queue.wake("turn", conversationId("1"));
