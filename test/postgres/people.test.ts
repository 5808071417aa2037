/** People, accounts, one-time codes and sessions. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME, personId, tenantId } from "#core";
import { account, openStores, type Stores } from "./stores.ts";

let nova: Stores;
beforeAll(async () => {
  nova = await openStores();
});
afterAll(() => nova.close());

const minutes = (count: number) => new Date(nova.clock.time.getTime() + count * 60_000);

test("the owner is made once, however many start together", async () => {
  const owners = await Promise.all(Array.from({ length: 8 }, (_, n) => nova.people.owner(`Owner ${n}`)));
  expect(new Set(owners.map((owner) => owner.id)).size).toBe(1);
  expect(owners[0]).toMatchObject({ role: "owner", tenant: HOME });
  expect((await nova.people.all(HOME)).filter((person) => person.role === "owner")).toHaveLength(1);
});

test("S14: a name is taken whatever its case, and names no one in another tenant", async () => {
  const grace = await nova.people.add(HOME, " Grace ", "member");
  expect(grace.name).toBe("Grace");
  await expect(nova.people.add(HOME, "gRACE", "guest")).rejects.toMatchObject({ code: "bad_input" });
  await expect(nova.people.add(HOME, "  ", "guest")).rejects.toMatchObject({ code: "bad_input" });
  expect(await nova.people.named(HOME, "GRACE")).toEqual(grace);
  expect(await nova.people.named(tenantId("other"), "Grace")).toBeUndefined();
});

test.each(["Grаce", "Gra\u200bce", "Grace\u202E", "Grace\u{E0041}", "Gr\u0430ce"])(
  "S24: a name that only looks like somebody's (%j) is refused, and names nobody",
  async (name) => {
    expect(await nova.people.named(HOME, name)).toBeUndefined();
    await expect(nova.people.add(HOME, name, "member")).rejects.toThrow(
      /signs that are not seen or pass for others: .*⟨U\+/,
    );
  },
);

test("S24: a name in another spelling of the same letters is the same name", async () => {
  const zoe = await nova.people.add(HOME, "Zoe\u0308", "member");
  expect(zoe.name).toBe("Zoë");
  for (const same of ["Zoë", "ZOE\u0308", "Ｚoë"]) {
    expect(await nova.people.named(HOME, same)).toEqual(zoe);
    await expect(nova.people.add(HOME, same, "guest")).rejects.toThrow("already a person called");
  }
});

test.each(["Αθηνά", "Ольга", "中村", "José María", "Ngọc Ánh", "Anne-Marie O’Neill", "علی"])(
  "S24 twin: %s is a name, in whatever script",
  async (name) => {
    expect((await nova.people.add(HOME, name, "member")).name).toBe(name);
  },
);

test("an account is unknown until it is linked, and a link can move", async () => {
  const [ann, ben] = [await nova.people.add(HOME, "Ann", "member"), await nova.people.add(HOME, "Ben", "guest")];
  expect(await nova.people.identify(account("x"))).toEqual({ kind: "unknown" });
  await nova.people.link(account("x"), ann.id);
  expect(await nova.people.identify(account("x"))).toEqual({ kind: "linked", person: ann });
  await nova.people.link(account("x"), ben.id);
  expect(await nova.people.identify(account("x"))).toEqual({ kind: "linked", person: ben });
  await expect(nova.people.link(account("x"), personId("4711"))).rejects.toMatchObject({ code: "not_found" });
});

test("of ten that redeem one code at once, one is linked", async () => {
  const person = await nova.people.add(HOME, "Cyd", "member");
  const code = await nova.people.issueCode(person.id, minutes(10));
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  const redeemed = await Promise.all(
    Array.from({ length: 10 }, (_, n) => nova.people.redeem(code, account(`phone-${n}`), nova.clock.time)),
  );
  expect(redeemed.filter((each) => each.kind === "linked")).toEqual([{ kind: "linked", person }]);
  const { rows } = await nova.database.pool.query("select * from identity where external_id like 'phone-%'");
  expect(rows).toHaveLength(1);
});

test("a code is taken as people type it, refused when it is late, and never stored", async () => {
  const person = await nova.people.add(HOME, "Dan", "member");
  const code = await nova.people.issueCode(person.id, minutes(10));
  expect(await nova.people.redeem(code, account("dan"), minutes(11))).toEqual({ kind: "refused" });
  expect(await nova.people.redeem("0000-0000", account("dan"), minutes(1))).toEqual({ kind: "refused" });
  const typed = ` ${code.toLowerCase().replace("-", "").replaceAll("0", "o").replaceAll("1", "l")}`;
  expect(await nova.people.redeem(typed, account("dan"), minutes(9))).toEqual({ kind: "linked", person });
  const { rows } = await nova.database.pool.query("select encode(hash, 'escape') as hash from link_code");
  expect(JSON.stringify(rows)).not.toContain(code);
});

test("a code that is delivered again is answered again, and only to the account that it linked", async () => {
  const person = await nova.people.add(HOME, "Deb", "member");
  const code = await nova.people.issueCode(person.id, minutes(10));
  const redeem = (name: string) => nova.people.redeem(code, account(name), nova.clock.time);
  const linked = { kind: "linked", person };
  expect(await Promise.all([redeem("deb"), redeem("deb"), redeem("deb")])).toEqual([linked, linked, linked]);
  expect(await redeem("deb-2")).toEqual({ kind: "refused" });
  const other = await nova.people.add(HOME, "Dot", "member");
  await nova.people.link(account("deb"), other.id);
  expect(await redeem("deb")).toEqual({ kind: "refused" });
});

test("a blocked account cannot spend a code, and the code stays good", async () => {
  const person = await nova.people.add(HOME, "Eve", "member");
  await nova.people.link(account("eve"), person.id);
  await nova.database.pool.query("update identity set state = 'blocked' where external_id = 'eve'");
  expect(await nova.people.identify(account("eve"))).toEqual({ kind: "blocked" });
  const code = await nova.people.issueCode(person.id, minutes(10));
  expect(await nova.people.redeem(code, account("eve"), nova.clock.time)).toEqual({ kind: "blocked" });
  expect(await nova.people.redeem(code, account("eve-2"), nova.clock.time)).toEqual({
    kind: "linked",
    person,
  });
});

test("a session opens once per code, ends in time, and can be closed", async () => {
  const person = await nova.people.add(HOME, "Fay", "member");
  const code = await nova.people.issueCode(person.id, minutes(10));
  const opened = await nova.people.openSession(code, nova.clock.time, minutes(60));
  if (opened.kind !== "open") throw new Error("refused");
  expect(await nova.people.openSession(code, nova.clock.time, minutes(60))).toEqual({ kind: "refused" });
  expect(await nova.people.redeem(code, account("fay"), nova.clock.time)).toEqual({ kind: "refused" });
  expect(await nova.people.session(opened.token, minutes(59))).toEqual(person);
  expect(await nova.people.session(opened.token, minutes(61))).toBeUndefined();
  expect(await nova.people.session("nonsense", nova.clock.time)).toBeUndefined();
  const { rows } = await nova.database.pool.query("select encode(hash, 'escape') as hash from web_session");
  expect(JSON.stringify(rows)).not.toContain(opened.token);
  await nova.people.closeSession(opened.token);
  expect(await nova.people.session(opened.token, nova.clock.time)).toBeUndefined();
});
