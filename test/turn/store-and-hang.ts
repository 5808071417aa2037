/** A process that stores one message and never works on it, to be killed. Started by redelivery.test.ts. */
import { randomBytes } from "node:crypto";
import { HOME, systemClock } from "#core";
import { openDatabase } from "../../src/postgres/engine/database.ts";
import { createIntake } from "../../src/postgres/turns/intake.ts";
import { migrate } from "../../src/postgres/engine/migrate.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createQueue } from "../../src/postgres/queue/queue.ts";
import { silentLog } from "../support/log.ts";

const [, , where = "", key = ""] = process.argv;
const log = silentLog;
const database = await openDatabase(where.includes("://") ? { url: where, log } : { folder: where, log });
await migrate(database, new URL("../../migrations", import.meta.url).pathname);
const people = createPeople(database, { clock: systemClock, random: randomBytes });
const intake = createIntake(database, { calls: await createQueue(database, log), clock: systemClock });
const owner = await people.owner("Owner");
const sender = { platform: "test", scope: "lab", id: "owner" };
await people.link(sender, owner.id);
const address = { platform: "test", scope: "lab", container: "owner", root: null, visibility: "private" } as const;
const stored = await intake.put(
  { deliveryKey: key, messageKey: key, address, sender, text: "/help", sentAt: new Date() },
  false,
);
process.stdout.write(`${HOME} ${stored.kind}\n`);
