/** `nova people` over a whole Nova: what it does, how that reads, and what it refuses. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogFields } from "#core";
import { verbs } from "../../src/verbs/index.ts";
import { createInk } from "../../src/cli/ink.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let home: TestNova;
beforeAll(async () => {
  home = await startNova();
});
afterAll(() => home.nova.stop());

async function run(input: unknown): Promise<{ result: unknown; words: string }> {
  const result: unknown = await home.verb("people", input);
  const reading = verbs.find((verb) => verb.name === "people")?.read(result);
  return { result, words: reading?.words(createInk(false)) ?? "" };
}

async function asks(account: string, name?: string): Promise<string> {
  const receipt = await home.channel.say(account, "let me in", name === undefined ? {} : { name });
  return receipt.kind === "unknown" ? (/code is (\w{6})\./.exec(receipt.hint ?? "")?.[1] ?? "") : "";
}

test("people lists everybody with role and accounts, and pair lets in who asks", async () => {
  const code = await asks("ada-phone", "Ada L.");
  expect((await run({ do: "pair" })).words).toMatch(
    new RegExp(`^ {2}${code} {2}test:lab/ada-phone {2}.+“Ada L\\.”$`, "m"),
  );
  await expect(run({ do: "pair", code })).rejects.toThrow("Say who it is.");
  await expect(run({ do: "pair", code, as: "Ada", to: "Ada" })).rejects.toThrow("Say either");
  await expect(run({ do: "pair", code, to: "Ada", role: "guest" })).rejects.toThrow("keeps the role");
  await expect(run({ do: "pair", code, to: "Ada" })).rejects.toThrow('There is nobody called "Ada"');
  await expect(run({ do: "pair", code, as: "owner" })).rejects.toThrow("nobody is let in as the owner");
  const paired = await run({ do: "pair", code: code.toLowerCase(), as: "Ada", role: "guest" });
  expect(paired.result).toEqual({
    did: "pair",
    account: "test:lab/ada-phone",
    name: "Ada",
    role: "guest",
    added: true,
  });
  expect(paired.words).toBe("test:lab/ada-phone is Ada, new, guest.");
  await expect(run({ do: "pair", code, as: "Bob" })).rejects.toThrow(`Nobody asks under the code ${code}`);

  const second = await asks("ada-desk");
  await expect(run({ do: "pair", code: second, as: "ada", role: "guest" })).rejects.toThrow(
    "Ada is known already, a guest",
  );
  const joined = await run({ do: "pair", code: second, to: "ada" });
  expect(joined.words).toBe("test:lab/ada-desk is Ada, guest, known before.");
  await run({ do: "unlink", account: "test:lab/ada-desk" });

  const { result, words } = await run({ do: "list" });
  expect(result).toMatchObject({
    people: [
      { role: "owner", accounts: [{ account: "test:lab/owner" }] },
      { name: "Ada", role: "guest", blocked: false, accounts: [{ account: "test:lab/ada-phone", state: "linked" }] },
    ],
    asking: [],
  });
  expect(words).toMatch(/^2 people\n/);
  expect(words).toMatch(/^ {2}Ada +guest +test:lab\/ada-phone$/m);
  expect((await run({ do: "pair" })).words).toBe("Nobody asks to be let in.");
});

test("people changes a role, blocks, unblocks, unlinks and turns away", async () => {
  await run({ do: "pair", code: await asks("cy"), as: "Cy" });
  expect((await run({ do: "role", name: "cy", role: "guest" })).words).toBe("Cy is a guest from the next message on.");
  expect((await run({ do: "block", whom: "cy" })).words).toContain("Nothing is taken from Cy any more");
  expect(await home.channel.say("cy", "hello")).toEqual({ kind: "blocked" });
  expect((await run({ do: "list" })).words).toMatch(/^ {2}Cy +guest, blocked/m);
  expect((await run({ do: "unblock", whom: "Cy" })).words).toBe("Cy may write again.");
  expect((await run({ do: "unblock", whom: "Cy" })).words).toBe("Cy was not blocked.");
  expect((await run({ do: "unlink", account: "test:lab/cy" })).words).toContain("is not Cy's any more");
  await expect(run({ do: "unlink", account: "test:lab/cy" })).rejects.toThrow("is nobody's account");

  expect((await run({ do: "reject", code: await asks("pest") })).words).toContain("test:lab/pest was turned away");
  await run({ do: "block", whom: "test:lab/pest" });
  expect((await run({ do: "list" })).words).toContain("Blocked, of nobody: test:lab/pest");
});

test.each([
  ["the owner's role", { do: "role", name: "Owner", role: "guest" }, /is the owner, and stays so/],
  ["blocking the owner", { do: "block", whom: "Owner" }, /owner cannot be blocked/],
  ["blocking an account of the owner", { do: "block", whom: "test:lab/owner" }, /owner cannot be blocked/],
  ["a role that is none", { do: "role", name: "Ada", role: "owner" }, /role must be member or guest/],
  ["a name that nobody has", { do: "block", whom: "Mallory" }, /nobody called "Mallory"/],
  ["a code that nobody has", { do: "reject", code: "AAAAAA" }, /Nobody asks under the code AAAAAA/],
  ["what is no account", { do: "unlink", account: "Ada" }, /is written as slack:/],
])("people refuses %s", async (_what, input, words) => {
  await expect(run(input)).rejects.toThrow(words);
});

test("NOVA_OWNER's accounts are the owner's from the start; a blocked one is not, and the log says so", async () => {
  const warned: [string, LogFields | undefined][] = [];
  const log = { ...silentLog, warn: (event: string, fields?: LogFields) => void warned.push([event, fields]) };
  const database = await testDatabase();
  await database.pool.query(
    "insert into identity (platform, scope, external_id, state, linked_at) values ('test', 'lab', 'lost', 'blocked', now())",
  );
  await database.pool.query(
    `with one as (insert into person (tenant_id, name, role) select id, 'Sue', 'member' from tenant returning id, tenant_id)
     insert into identity (platform, scope, external_id, state, linked_at, tenant_id, person_id)
     select 'test', 'lab', 'boss', 'linked', now(), tenant_id, id from one`,
  );
  const env = { NOVA_OWNER: "test:lab/boss,test:lab/lost", NOVA_APPROVERS: "sue, Nemo" };
  await using nova = await startNova({ database, log, env, service: true });
  expect(await nova.channel.say("boss", "/people")).toMatchObject({ kind: "accepted", person: { id: nova.owner.id } });
  expect(await nova.channel.say("lost", "/people")).toEqual({ kind: "blocked" });
  const moved = { account: "test:lab/boss", to: nova.owner.id };
  expect(warned).toContainEqual(["owner.account_moved", expect.objectContaining(moved)]);
  expect(warned).toContainEqual(["owner.account_blocked", expect.objectContaining({ account: "test:lab/lost" })]);
  // Sue is known; nobody decides by the other name.
  const approvers = warned.filter(([event]) => event.startsWith("approvers."));
  expect(approvers).toEqual([
    ["approvers.unknown", { name: "Nemo", remedy: expect.stringContaining("nova people add") }],
  ]);
  await nova.nova.settled(AbortSignal.timeout(10_000));
});
