/** A message's life on the real database: every accepted message in one turn, every turn one visible result. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HOME, serviceOf } from "#core";
import { createTestChannel } from "../support/channel.ts";
import { createGatedModels, type GatedModels } from "../support/gated-model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let models: GatedModels;
let lab: TestNova;

const start = async (caps?: Parameters<typeof createTestChannel>[0]) => {
  models = createGatedModels();
  lab = await startNova({ models: models.models, channel: createTestChannel(caps) });
};

afterEach(async () => {
  models.openAll();
  await lab.nova.stop();
});

const settled = () => lab.nova.settled(AbortSignal.timeout(15_000));

const rows = <Row extends Record<string, unknown>>(sql: string): Promise<readonly Row[]> =>
  lab.database.within(serviceOf(HOME), async (tx) => (await tx.query<Row>(sql)).rows);

/** The invariant of everything: no message without a turn, no turn without exactly one reply. */
async function expectNothingLost(): Promise<void> {
  expect(await rows("select id from message where turn_id is null")).toEqual([]);
  const replies = await rows<{ replies: string }>(
    `select count(message.id) as replies from turn
     left join message on message.turn_id = turn.id and message.direction = 'out' group by turn.id`,
  );
  expect(replies.every((row) => Number(row.replies) === 1)).toBe(true);
}

describe("with an open model", () => {
  beforeEach(() => start());

  test("D19: a message is answered once, and the same delivery again is answered with the same id", async () => {
    models.openAll();
    const first = await lab.channel.say("owner", "@concierge compare my two plans", { key: "k1" });
    await settled();
    const again = await lab.channel.say("owner", "@concierge compare my two plans", { key: "k1" });
    await settled();
    expect(first).toMatchObject({ kind: "accepted", duplicate: false });
    expect(again).toMatchObject({ kind: "accepted", duplicate: true });
    expect(again.kind === "accepted" && first.kind === "accepted" && again.message === first.message).toBe(true);
    expect(lab.channel.sent()).toHaveLength(1);
    await expectNothingLost();
  });

  test("an account that nobody linked gets one hint, no turn and no model", async () => {
    const first = await lab.channel.say("stranger", "let me in");
    const second = await lab.channel.say("stranger", "let me in!");
    expect(first).toMatchObject({ kind: "unknown", hint: expect.stringContaining("/link") });
    expect(second).toEqual({ kind: "unknown", hint: null });
    expect(await rows("select id from turn")).toEqual([]);
    expect(models.calls()).toBe(0);
  });

  test("a one-time code sent as /link makes the account known, once", async () => {
    const issued = await lab.verb("link", { do: "code" });
    const code = String(Object(issued).code);
    expect(await lab.channel.say("phone", `/link ${code}`)).toMatchObject({
      kind: "linked",
      person: { id: lab.owner.id },
    });
    expect(await lab.channel.say("thief", `/link ${code}`)).toMatchObject({ kind: "refused", code: "bad_input" });
    models.openAll();
    expect(await lab.channel.say("phone", "@concierge compare my two plans")).toMatchObject({ kind: "accepted" });
    await settled();
    expect(lab.channel.sent("phone")).toHaveLength(1);
  });

  test("words that cannot be taken are refused with the reason", async () => {
    for (const [text, reason] of [
      ["", "empty"],
      [" \n\t ", "empty"],
      ["\0\0", "empty"],
      ["x".repeat(1_000_000), "1,000,000 characters"],
    ] as const) {
      expect(await lab.channel.say("owner", text)).toMatchObject({
        kind: "refused",
        reason: expect.stringContaining(reason),
      });
    }
    expect(await rows("select id from message")).toEqual([]);
  });

  test("strange words are kept and answered", async () => {
    models.openAll();
    const strange = ["🙂🙂🙂", ":*&|!".repeat(2_000), "half a pair \ud83d", "nul\0nul", "שלום", "%s %d ${x} {{y}}"];
    for (const [index, text] of strange.entries()) {
      const room = `room ${index}`;
      expect(await lab.channel.say("owner", text, { room })).toMatchObject({ kind: "accepted" });
      await settled();
      expect([text, lab.channel.sent(room).length]).toEqual([text, 1]);
    }
    await expectNothingLost();
  });

  test("an unknown agent is told, with the nearest name, and no other agent answers", async () => {
    expect(await lab.ask("@libarian what do you know?")).toMatch(/librarian/i);
    expect(models.calls()).toBe(0);
    await expectNothingLost();
  });

  test("/why tells which agent answered and how it was chosen", async () => {
    models.openAll();
    await lab.ask("@concierge compare my two plans");
    const why = await lab.ask("/why");
    expect(why).toContain("Concierge");
    expect(why).toMatch(/nova trace t\d+/);
  });

  test("/agent keeps an agent for the conversation until /agent auto", async () => {
    models.openAll();
    expect(await lab.ask("/agent analyst")).toContain("Analyst");
    await lab.ask("compare my two plans for me");
    expect(await lab.ask("/why")).toContain("Analyst");
    expect(await lab.ask("/agent auto")).toContain("Nova chooses");
    await lab.ask("@concierge compare my two plans");
    expect(await lab.ask("/why")).toContain("Concierge");
    expect(await lab.ask("/agent nobody")).toContain("nobody");
  });

  test("/help names every agent on call", async () => {
    const help = await lab.ask("/help");
    for (const id of ["concierge", "librarian", "analyst", "summariser", "editor", "ops-watch"])
      expect(help).toContain(id);
  });
});

describe("while a turn runs", () => {
  beforeEach(() => start());

  const begin = async (text = "@concierge the first question") => {
    await lab.channel.say("owner", text);
    await vi.waitFor(() => expect(models.waiting()).toBe(1));
  };

  test("E2: pieces of one thing that arrive meanwhile become one turn, after the first", async () => {
    await begin();
    await lab.channel.say("owner", "@concierge second words");
    await lab.channel.say("owner", "third words");
    models.openAll();
    await settled();
    expect(lab.channel.sent()).toHaveLength(2);
    const turns = await rows<{ texts: string[] }>(
      "select array_agg(text order by id) as texts from message where direction = 'in' group by turn_id order by min(id)",
    );
    expect(turns.map((turn) => turn.texts.length)).toEqual([1, 2]);
    expect(models.heard()).toEqual([
      expect.stringContaining("the first question"),
      expect.stringMatching(/second words[^]*third words/),
    ]);
    await expectNothingLost();
  });

  test("E2: requests that arrive meanwhile are answered one by one, and nothing asked for is lost", async () => {
    await begin();
    for (const text of ["what is 2 * 3?", "remember that the bin goes out on Tuesday", "what is 4 * 5?"]) {
      await lab.channel.say("owner", text);
    }
    models.openAll();
    await settled();
    expect(lab.channel.sent()).toHaveLength(4);
    expect(await lab.verb("memory", { do: "list" })).toMatchObject({
      items: [{ text: "the bin goes out on Tuesday" }],
    });
    await expectNothingLost();
  });

  test("a command that arrives meanwhile is a turn of its own", async () => {
    await begin();
    await lab.channel.say("owner", "/why");
    await lab.channel.say("owner", "@concierge and this");
    models.openAll();
    await settled();
    expect(lab.channel.sent()).toHaveLength(3);
    expect(lab.channel.sent()[1]).toContain("Concierge");
    await expectNothingLost();
  });

  test("stop ends the turn at once with one visible result, and what waited behind it is answered", async () => {
    await begin();
    await lab.channel.say("owner", "Remember that the garage code is 5512");
    await lab.channel.say("owner", "stop");
    await settled();
    expect(lab.channel.sent()).toEqual([expect.stringContaining("Stopped"), expect.stringContaining("Kept as a note")]);
    expect(await rows("select state from turn order by id")).toEqual([{ state: "cancelled" }, { state: "done" }]);
    await expectNothingLost();
  });

  test("stop is meant by the word and by the command, with what people put around them", async () => {
    for (const words of ["stop", "/stop", "Stop!!", "/stop now", "/stop, please"]) {
      await lab.channel.say("owner", "@concierge a question", { room: words });
      await vi.waitFor(() => expect(models.waiting()).toBe(1));
      await lab.channel.say("owner", words, { room: words });
      await settled();
      expect(lab.channel.sent(words)).toEqual([expect.stringContaining("Stopped")]);
    }
  });

  test("a stop sent right behind a question stops it, whether or not it had begun", async () => {
    // Of two that come at the same moment a server may store the stop first, and then there is nothing to stop.
    await lab.channel.say("owner", "@concierge compare my two plans");
    await lab.channel.say("owner", "stop");
    models.openAll();
    await settled();
    expect(lab.channel.sent().join(" ")).toMatch(/Stopped|Nothing is running/);
    expect(await rows("select text from message where direction = 'out' and note_kind = 'answer'")).toEqual([]);
    await expectNothingLost();
  });

  test("D20: a question asked meanwhile is answered with the first answer in view", async () => {
    await begin("@concierge compare my two plans");
    await lab.channel.say("owner", "@concierge and which is cheaper then, do you think?");
    models.openAll("The first plan is better.");
    await settled();
    expect(models.heard().at(-1)).toContain("The first plan is better.");
  });

  test("a stop when nothing runs says so", async () => {
    expect(await lab.ask("/stop")).toContain("Nothing is running");
  });

  test("a turn that another worker takes over writes nothing more", async () => {
    await begin();
    const taken = await rows<{ id: string; epoch: number }>("select id, epoch from turn");
    await rows("update turn set epoch = epoch + 1");
    models.openAll();
    await vi.waitFor(() => expect(models.waiting()).toBe(0));
    await vi.waitFor(async () => {
      // The queue's call has ended; the turn waits for whoever holds the new epoch.
      expect(await rows("select id from message where direction = 'out'")).toEqual([]);
      expect(await rows("select state, epoch from turn")).toEqual([
        { state: "running", epoch: Number(taken[0]?.epoch) + 1 },
      ]);
    });
  });

  test("two people are never one turn's principal, and neither sees the other's reply", async () => {
    await lab.verb("link", { do: "new", name: "Dana", role: "member" });
    const [dana] = await rows<{ id: string }>("select id from person where name = 'Dana'");
    await lab.channel.introduce("dana", {
      ...lab.owner,
      id: dana?.id as typeof lab.owner.id,
      name: "Dana",
      role: "member",
    });
    await begin();
    await lab.channel.say("dana", "@concierge compare the plans of dana");
    models.openAll();
    await settled();
    expect(lab.channel.sent("owner")).toHaveLength(1);
    expect(lab.channel.sent("dana")).toHaveLength(1);
    const owners = await rows<{ people: string }>(
      "select count(distinct author_id) as people from message where direction = 'in' group by turn_id",
    );
    expect(owners.every((row) => Number(row.people) === 1)).toBe(true);
  });
});

describe("memory in a conversation", () => {
  beforeEach(() => start());

  test("what was forgotten is kept again when the person asks for it again, and only then", async () => {
    await lab.ask("Remember that the spare key hangs behind the blue door");
    await lab.ask("/forget m1");
    expect(await lab.verb("memory", { do: "list" })).toMatchObject({ items: [] });
    expect(await lab.ask("Remember that the spare key hangs behind the blue door")).toContain("Kept");
    expect(await lab.verb("memory", { do: "list" })).toMatchObject({
      items: [{ text: "the spare key hangs behind the blue door" }],
    });
  });

  test("a shared conversation recalls nothing that is not marked shareable", async () => {
    models.openAll("Nothing to tell.");
    await lab.ask("Remember that the spare key hangs behind the blue door");
    await lab.channel.say("owner", "@librarian where is the spare key?", { room: "everybody", shared: true });
    await settled();
    expect(models.heard().at(-1)).not.toContain("blue door");
    expect(lab.channel.sent("everybody").at(-1)).toContain("Ask me in private");
    await lab.channel.say("owner", "@librarian where is the spare key?");
    await settled();
    expect(models.heard().at(-1)).toContain("blue door");
  });
});

describe("on the way out", () => {
  test("a long reply leaves in parts, in order, and a part that was not sent is sent again before the next", async () => {
    await start({ maxText: 40 });
    models.openAll(
      "A reply that is certainly longer than forty characters, so that it takes several parts to send it.",
    );
    lab.channel.failNext({ kind: "not_sent", retry: true, code: "busy" });
    await lab.channel.say("owner", "@concierge compare my two plans");
    await vi.waitFor(() => expect(lab.channel.sent().join("")).toContain("several parts to send it."), 20_000);
    expect(lab.channel.parts.map((part) => part.ordinal)).toEqual(lab.channel.parts.map((_, i) => i));
  });

  test("a channel that throws does not hold back the replies behind the one it threw at", async () => {
    await start();
    models.openAll();
    lab.channel.throwNext(1);
    await lab.channel.say("owner", "@concierge compare my two plans");
    await lab.channel.say("owner", "/help");
    await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(2), 20_000);
  });

  test("a part whose fate is unknown is not sent twice on a channel that would show it twice", async () => {
    await start({ idempotentSend: false });
    models.openAll();
    lab.channel.failNext({ kind: "unknown", code: "reset" });
    await lab.channel.say("owner", "@concierge compare my two plans");
    await settled();
    const states = () => rows("select state, notice from outbox_part order by ordinal");
    await vi.waitFor(async () =>
      expect(await states()).toEqual([
        { state: "unknown", notice: false },
        { state: "sent", notice: true },
      ]),
    );
    expect(lab.channel.sent()).toEqual([expect.stringContaining("may not have reached you")]);
  });
});
