/** Who may speak to Nova and as whom, over two platforms: approvals, codes, blocks, and whose memory is recalled. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Receipt } from "#core";
import { createTestChannel, type TestChannel } from "../support/channel.ts";
import { createGatedModels, type GatedModels } from "../support/gated-model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let models: GatedModels;
let lab: TestNova;
/** The other platform. */
let far: TestChannel;

beforeAll(async () => {
  models = createGatedModels();
  models.openAll();
  far = createTestChannel({ platform: "far" });
  lab = await startNova({ models: models.models, beside: far, env: { NOVA_OWNER: "far:lab/boss" } });
});
afterAll(() => lab.nova.stop());

const settled = () => lab.nova.settled(AbortSignal.timeout(20_000));
type Saying = { readonly on?: TestChannel; readonly room?: string; readonly shared?: boolean };

/** What Nova says to it, or what the sender is told in its place. */
async function ask(account: string, text: string, { on = lab.channel, ...where }: Saying = {}): Promise<string> {
  const before = on.parts.length;
  const receipt = await on.say(account, text, where);
  if (receipt.kind === "refused") return receipt.reason;
  if (receipt.kind !== "accepted") return receipt.kind;
  await settled();
  return on.sent().slice(before).join("");
}

/** What the model is shown for this question: what is recalled, and what was said before in this room. */
async function shownFor(account: string, text: string, where: Saying = {}): Promise<string> {
  await ask(account, text, where);
  return models.heard().at(-1) ?? "";
}

const hintOf = (receipt: Receipt): string => (receipt.kind === "unknown" ? (receipt.hint ?? "") : "");
const codeIn = (text: string): string => /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/.exec(text)?.[0] ?? "";
const pairingIn = (text: string): string => /code is ([0-9A-HJKMNP-TV-Z]{6})\./.exec(text)?.[1] ?? "";
const count = async (table: string): Promise<number> =>
  (await lab.database.pool.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? 0;

/** A stranger who asks from this account, let in by the owner. */
async function admit(account: string, as: string, on = lab.channel): Promise<void> {
  const code = pairingIn(hintOf(await on.say(account, "let me in", { name: `${account} over there` })));
  expect(await ask("owner", `/pair ${code} as ${as}`)).toContain("What they write from now on is answered.");
}

test("E14: a stranger costs nothing, gets one hint an hour, and no word of theirs is kept", async () => {
  const [turns, messages, calls] = [await count("turn"), await count("message"), models.calls()];
  const first = await lab.channel.say("stranger", "my secret is xyzzy", { name: "A `Stranger`" });
  expect(hintOf(first)).toMatch(/your pairing code is [0-9A-Z]{6}\./);
  for (const shared of [false, true]) {
    const again = await lab.channel.say("stranger", "hello?", { shared, room: shared ? "hall" : "stranger" });
    expect(again).toEqual({ kind: "unknown", hint: null });
  }
  expect([await count("turn"), await count("message"), models.calls()]).toEqual([turns, messages, calls]);
  const { rows } = await lab.database.pool.query("select to_jsonb(pairing)::text as kept from pairing");
  expect(JSON.stringify(rows)).not.toContain("xyzzy");
});

test("E14: approval in one cell grants nothing in another", async () => {
  await admit("ada", "Ada");
  await admit("gil", "Gil guest");
  await admit("bad", "Bad");
  await ask("owner", "/block Bad");

  const who = { owner: "accepted", ada: "accepted", gil: "accepted", bad: "blocked", eve: "unknown" };
  for (const [name, expected] of Object.entries(who)) {
    for (const where of [{}, { shared: true, room: "hall" }]) {
      const kinds = [
        await lab.channel.say(name, "/help", where),
        await lab.channel.say(`${name}-2`, "/help", where),
        await far.say(name, "/help", where),
      ].map(({ kind }) => kind);
      expect([name, ...kinds]).toEqual([name, expected, "unknown", "unknown"]);
    }
  }
  await settled();
  expect(await ask("ada", "/people")).toMatch(/^- \*\*Ada\*\*, member: `test:lab\/ada`$/);
  expect(await ask("gil", "/people")).toContain("**Gil**, guest");
});

test("E14: what one person told is never recalled for another, also for the very same words", async () => {
  const words = "The locker opens with 4711";
  await ask("ada", `/remember ${words}`, { room: "hall", shared: true });
  await ask("ada", `/remember ${words}`);
  const heard = models.heard().length;
  for (const account of ["gil", "owner"]) {
    for (const where of [{}, { room: "hall-2", shared: true }]) {
      for (const said of ["/recall The locker opens with", "@librarian the locker opens with?", "@concierge my locker"])
        expect(await ask(account, said, where)).not.toContain("4711");
    }
  }
  expect(models.heard().slice(heard).join("\n")).not.toContain("4711");
  expect(await shownFor("ada", "/recall The locker opens with", { room: "another" })).toContain("4711");
});

test("the same person on two platforms recalls the same, until the account is taken away", async () => {
  expect(await far.say("ada-there", "hello")).toMatchObject({ kind: "unknown" });
  const told = await ask("ada", "/link");
  expect(told).toContain("within 15 minutes");
  expect(await far.say("ada-there", `/link ${codeIn(told).toLowerCase()}`)).toMatchObject({
    kind: "linked",
    person: { name: "Ada" },
  });
  expect(await shownFor("ada-there", "/recall The locker opens with", { on: far })).toContain("4711");
  expect(await far.say("thief", `/link ${codeIn(told)}`)).toMatchObject({ kind: "refused" });

  expect(await ask("ada-there", "/unlink far:lab/ada-there", { on: far })).toContain("the account that you write from");
  expect(await ask("gil", "/unlink far:lab/ada-there")).toContain("is no account of yours");
  expect(await ask("ada", "/unlink far:lab/ada-there")).toContain("is not yours any more");
  expect(await far.say("ada-there", "/recall The locker opens with")).toMatchObject({ kind: "unknown" });
  expect(await shownFor("ada", "/recall The locker opens with", { room: "a third" })).toContain("4711");
});

test("a code is shown in no conversation that others read, and never to a model", async () => {
  const shared = await ask("ada", "/link", { room: "hall", shared: true });
  expect(shared).toContain("Ask me in a conversation of ours alone.");
  expect(codeIn(shared)).toBe("");
  const code = codeIn(await ask("ada", "/link"));
  await ask("ada", "@concierge what did you just tell me?");
  expect(models.heard().at(-1)).toContain("link (code)");
  expect(models.heard().join("\n")).not.toContain(code);
  expect(await ask("ada", "/people", { room: "hall", shared: true })).not.toContain("test:lab");
  expect(await ask("owner", "/pair", { room: "hall", shared: true })).toContain("alone");
});

test("an account that is somebody's is moved by no code, until it was taken away", async () => {
  const code = codeIn(await ask("gil", "/link"));
  await admit("mover", "Mona", far);
  for (const account of ["mover", "boss"]) {
    const reason = expect.stringMatching(/already somebody's.*nova people unlink/);
    expect(await far.say(account, `/link ${code}`)).toMatchObject({ kind: "refused", reason });
  }
  expect(await ask("mover", "/people", { on: far })).toContain("**Mona**");
  await ask("owner", "/unlink far:lab/mover");
  expect(await far.say("mover", `/link ${code}`)).toMatchObject({ kind: "linked", person: { name: "Gil" } });
});

test("guessing codes is slowed down for each account, and says so", async () => {
  for (let n = 0; n < 5; n += 1)
    expect(await ask("guesser", `/link AAAA-000${n}`)).toContain("wrong, was used before, or is too old");
  expect(await ask("guesser", "/link AAAA-0009")).toMatch(/^Too many wrong codes\. Try again in \d+ minutes\.$/);
  expect(await ask("another", "/link AAAA-0009")).toContain("wrong");
});

test("a crowd that guesses codes shuts nobody out who has a good one, and has one try each from then on", async () => {
  const wrong = (account: string) => lab.channel.say(account, "/link AAAA-0009");
  for (let n = 0; n < 60; n += 1) await Promise.all(Array.from({ length: 5 }, () => wrong(`crowd-${n}`)));
  expect(await wrong("late")).toMatchObject({ reason: expect.stringContaining("That code is wrong") });
  expect(await wrong("late")).toMatchObject({ reason: expect.stringContaining("Too many wrong codes") });
  const linked = await lab.channel.say("adas-third", `/link ${codeIn(await ask("ada", "/link"))}`);
  expect(linked).toMatchObject({ kind: "linked", person: { name: "Ada" } });
  await ask("owner", "/unlink test:lab/adas-third");
});

test("the owner decides from any channel of theirs, and nobody else does", async () => {
  const code = pairingIn(hintOf(await lab.channel.say("pat", "hi", { name: "Olga\n`the owner`" })));
  expect(await ask("ada", `/pair ${code} as Pat`)).toContain("only the owner of this Nova may do that");
  for (const command of ["/block Gil", "/unblock Gil"]) expect(await ask("ada", command)).toContain("only the owner");
  expect(await lab.channel.say("pat", `/pair ${code} as Pat`)).toMatchObject({ kind: "unknown" });
  await lab.channel.say("owner", `/pair ${code} as Pat`, { outside: true, room: "posts" });
  await settled();
  expect(await lab.channel.say("pat", "hello")).toMatchObject({ kind: "unknown" });

  const list = await ask("boss", "/pair", { on: far });
  expect(list).toContain(`- \`${code}\` \`test:lab/pat\`, who goes by \`Olga the owner\` there`);
  await ask("boss", "@concierge compare my two plans", { on: far });
  expect(models.heard().at(-1)).toContain(code);
  expect(models.heard().at(-1)).not.toContain("Olga");
  expect(await ask("owner", `/pair ${code} as Ada`)).toContain(`\`/pair ${code} to Ada\``);
  expect(await ask("owner", `/pair ${code} as Owner guest`)).toContain("nobody is let in as the owner");
  expect(await ask("owner", `/pair ${code} to Pat`)).toContain("I know nobody called `Pat`");
  expect(await ask("boss", `/pair ${code.toLowerCase()} as "Pat Guest"`, { on: far })).toContain(
    "**Pat Guest**, a member",
  );
  expect(await ask("boss", `/pair ${code} as Someone`, { on: far })).toContain("Nobody asks under the code");
  expect(await lab.channel.say("pat", "/help")).toMatchObject({ kind: "accepted" });
  await settled();

  const turnedAway = pairingIn(hintOf(await far.say("pest", "hi")));
  expect(await ask("owner", `/pair reject ${turnedAway}`)).toContain("was turned away");
  const again = pairingIn(hintOf(await far.say("pats", "hi")));
  expect(await ask("owner", `/pair ${again} to "pat guest"`)).toContain(
    "**Pat Guest**, the member whom I know already",
  );
  expect(await ask("owner", "/pair nonsense")).toContain("I need a code and a name");
});

test("/help tells of people what the reader may do", async () => {
  expect(await ask("ada", "/help")).toMatch(/`\/link` makes another account/);
  expect(await ask("ada", "/help")).not.toContain("/block");
  expect(await ask("owner", "/help")).toContain("`/pair` lets in who asks");
});

test("blocking silences what waits and what runs, and unblocking lets in again", async () => {
  const gated = createGatedModels();
  await using nova = await startNova({ models: gated.models });
  const { channel } = nova;
  const rest = () => nova.nova.settled(AbortSignal.timeout(20_000));
  const code = pairingIn(hintOf(await channel.say("loud", "let me in")));
  await nova.ask(`/pair ${code} as Lou`);
  await channel.say("loud", "@concierge compare my two plans");
  await expect.poll(() => gated.waiting()).toBeGreaterThan(0);
  await channel.say("loud", "and a second question that waits");
  await nova.verb("people", { do: "block", whom: "test:lab/loud" });
  gated.openAll();
  await rest();
  expect(channel.sent("loud")).toEqual([]);
  expect(gated.calls()).toBe(1);
  expect(await channel.say("loud", "hello?")).toEqual({ kind: "blocked" });
  expect(await channel.say("loud", "/link AAAA-0000")).toEqual({ kind: "blocked" });
  expect(await nova.ask("/people")).toContain("`test:lab/loud` (blocked)");
  expect(await nova.ask("/unblock test:lab/loud")).toContain("may write to me again");
  await channel.say("loud", "/help");
  await rest();
  expect(channel.sent("loud").join("")).toContain("On call");

  expect(await nova.ask("/block Owner")).toContain("The owner cannot be blocked");
  expect(await nova.ask("/block nobody-of-that-name")).toContain("I know nobody called");
});
