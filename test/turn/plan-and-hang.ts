/** A Nova that begins a plan and hangs in its second part, to be killed. Started by plan.test.ts. */
import { randomBytes } from "node:crypto";
import { systemClock } from "#core";
import { readConfig } from "../../src/settings/config.ts";
import { buildNova } from "../../src/main.ts";
import { openDatabase } from "../../src/postgres/engine/database.ts";
import { migrate } from "../../src/postgres/engine/migrate.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createTestChannel } from "../support/channel.ts";
import { silentLog } from "../support/log.ts";
import { says, scripted } from "../support/model.ts";
import { handsTo, speaking } from "./trial-agents.ts";

const [, , where = "", home = "", agents = "", words = ""] = process.argv;
const log = silentLog;
const database = await openDatabase(where.includes("://") ? { url: where, log } : { folder: where, log });
await migrate(database, new URL("../../migrations", import.meta.url).pathname);
const people = createPeople(database, { clock: systemClock, random: randomBytes });
const owner = await people.owner("Owner");
const channel = createTestChannel();
const { models } = scripted(
  speaking({
    zig: handsTo("zug", { words: "zig it" }),
    zug: says("Zug has done it, by larkspur."),
    zag: () => {
      process.stdout.write("in the second part\n");
      return { pieces: [], end: "silence" };
    },
  }),
);
const env = { NOVA_HOME: home, NOVA_PORT: "0", NOVA_ADAPTERS: "web" };
await buildNova(readConfig(env, []), { service: false, log, database, channels: [channel.definition], models, agents });
await channel.introduce("owner", owner);
await channel.say("owner", words, { key: "plan-1" });
