/** A Nova with a clerk whose effects go to a target over HTTP, to be killed in the middle. Started by effects.test.ts. */
import { createInterface } from "node:readline";
import type { Performed, Performer } from "#core";
import { readConfig } from "../../src/settings/config.ts";
import { buildNova } from "../../src/main.ts";
import { databaseOf } from "../../src/service/database-place.ts";
import { openDatabase } from "../../src/postgres/engine/database.ts";
import { systemClock } from "#core";
import { createTestChannel } from "../support/channel.ts";
import { silentLog } from "../support/log.ts";

const [, , target = "", agents = ""] = process.argv;
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const perform: Performer["perform"] = async (_effect, key, signal): Promise<Performed> => {
  const response = await fetch(`${target}/do`, { method: "POST", headers: { "idempotency-key": key }, signal });
  return response.ok ? { kind: "done", told: "It is there." } : { kind: "unknown", code: String(response.status) };
};
const reconcile: Performer["reconcile"] = async (_effect, key, signal) => {
  const response = await fetch(`${target}/done/${key}`, { signal });
  return response.ok ? { kind: "done", told: "It is there." } : { kind: "absent" };
};

const config = readConfig(
  {
    NOVA_HOME: process.env["NOVA_HOME"],
    NOVA_PORT: process.env["NOVA_PORT"],
    DATABASE_URL: process.env["DATABASE_URL"],
  },
  [],
);
const database = await openDatabase(await databaseOf(config, silentLog, systemClock));
const channel = createTestChannel();
const nova = await buildNova(config, {
  service: true,
  log: silentLog,
  database,
  agents,
  channels: [channel.definition],
  performers: [
    { verb: "trial_send", perform, reconcile },
    { verb: "trial_note", perform },
  ],
  sweepEveryMs: 200,
});
const { rows } = await database.pool.query("select id, name from person where role = 'owner'");
await channel.introduce("owner", { id: rows[0].id, tenant: rows[0].tenant_id, name: rows[0].name, role: "owner" });
await nova.start({ controlToken: "0".repeat(64), onChannel: () => undefined });
tell({ ready: true });

let told = 0;
setInterval(() => {
  for (const { body } of channel.parts.slice(told)) tell({ sent: body });
  told = channel.parts.length;
}, 20);

for await (const line of createInterface({ input: process.stdin })) {
  const gap = line.indexOf(" ");
  const [order, words] = [line.slice(0, gap), line.slice(gap + 1)];
  if (order === "say") void propose(words);
  if (order === "fates") await tellFates();
}

/** Proposes and approves. */
async function propose(words: string): Promise<void> {
  await channel.say("owner", `@clerk ${words}`);
  for (;;) {
    const found = await database.pool.query(
      "select id, digest, state from proposal where effect -> 'args' ->> 'text' = $1",
      [words.slice(words.indexOf(": ") + 2)],
    );
    const [proposal] = found.rows;
    if (proposal?.state === "pending")
      return void (await channel.press("owner", `approve:${proposal.id}:${proposal.digest.slice(0, 16)}`));
    if (proposal) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function tellFates(): Promise<void> {
  const found = await database.pool.query(
    `select proposal.effect -> 'args' ->> 'text' as text, effect.state, effect.key
     from effect join proposal on proposal.id = effect.proposal_id`,
  );
  tell({ fates: found.rows });
}
