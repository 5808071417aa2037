/** What Discord shows of a turn at work, and how it becomes the reply. The adapter at a real peer; turns are made up. */
import { describe, expect, test, vi, type TestContext } from "vitest";
import { agentId, createProgressBus, messageId, turnId, type Address, type Progress, type TurnId } from "#core";
import { createForgotten } from "../../adapters/discord/sending/forgotten.ts";
import { createRest } from "../../adapters/discord/rest.ts";
import { createShowing } from "../../adapters/discord/showing/showing.ts";
import { sightOf } from "../../adapters/discord/showing/sight.ts";
import { openDesk } from "./discord-desk.ts";

const POST = "POST /channels/{channel_id}/messages";
const TYPING = "POST /channels/{channel_id}/typing";
const PATCH = "PATCH /channels/{channel_id}/messages/{message_id}";
const SOON = { timeout: 15_000, interval: 20 };

/** One of each test's own: they wait side by side. */
async function atWork({ onTestFinished }: TestContext) {
  const desk = await openDesk();
  onTestFinished(async () => {
    await desk.close();
    expect(desk.peer.violations).toEqual([]);
  });
  await desk.listen();
  const count = (route: string): number => desk.peer.calls(route).length;

  /** A turn at work on the message that was accepted last. */
  function begin(at: Address, here = true) {
    turns += 1;
    const turn = turnId(String(turns));
    const tell = (news: Progress) => desk.progress.publish(at, news, here);
    tell({ kind: "taken", turn, messages: [messageId(String(desk.accepted.length - 1))] });
    tell({ kind: "routed", turn, agent: agentId("librarian"), reason: "" });
    return {
      turn,
      status: (line: string) => tell({ kind: "status", turn, line }),
      draft: (text: string) => tell({ kind: "draft", turn, text }),
      end: () => tell({ kind: "ended", turn }),
    };
  }

  async function accepted(act: () => unknown): Promise<Address> {
    await act();
    await vi.waitFor(() => expect(desk.accepted.length).toBe(1), SOON);
    return desk.accepted.at(-1)!.address;
  }

  /** What is sent when the turn has ended. */
  const reply = (turn: TurnId, address: Address, body: string) => {
    const { sealed } = desk.accepted.at(-1)?.handle ?? { sealed: null };
    const part = desk.part({ turn, address, body, draft: desk.notes.get(turn) ?? null });
    return { ...part, handles: sealed === null ? [] : [sealed] };
  };
  const said = (channel: string): readonly string[] => desk.peer.replies(channel).map(({ content }) => content);
  return { desk, count, begin, accepted, reply, said };
}
let turns = 100;

test("of a draft of any length only its end is read, in its block of code where it stands in one", () => {
  const sight = (draft: string) => sightOf({ name: "Nova", line: null, draft });
  const code = `Before.\n\n\`\`\`ts\n${"let leek = 1;\n".repeat(2_000)}last();`;
  expect(sight(code)).toMatch(/^…\n\n```[\s\S]*last\(\);\n```\n-# Nova is writing…$/);
  const words = `${"word ".repeat(400_000)}end.`;
  expect(sight(words)).toMatch(/^…\n\nword [\s\S]* end\.\n-# Nova is writing…$/);
  expect(sight(words).length).toBeLessThanOrEqual(2_000);
  const since = performance.now();
  for (let n = 0; n < 20; n += 1) sight(`${words}${n}`);
  expect(performance.now() - since).toBeLessThan(2_000);
});

describe("a command", () => {
  test.concurrent("shows who is at work on it and the end of the draft, and then the answer in the same place", async (context) => {
    const { desk, begin, accepted, reply } = await atWork(context);
    let id = "";
    const address = await accepted(
      async () => (id = await desk.peer.command("ada", "ask", { question: "Why?" }, { channel: "general" })),
    );
    const content = () => desk.peer.interaction(id).content;
    const turn = begin(address);
    turn.status("Using web search");
    await vi.waitFor(() => expect(content()).toBe("-# Librarian · Using web search…"), SOON);
    turn.draft("The **first** words");
    await vi.waitFor(() => expect(content()).toBe("The **first** words\n-# Librarian is writing…"), SOON);
    turn.draft(`Begin.\n\n${"Many more words. ".repeat(300)}`);
    await vi.waitFor(() => expect(content()).toMatch(/^…\n\n.*Many more words\.\n-# Librarian is writing…$/s), SOON);
    turn.draft("Never shown: the answer comes first.");
    turn.end();
    expect(await desk.send(reply(turn.turn, address, "The answer."))).toMatchObject([{ kind: "sent" }]);
    expect(content()).toBe("The answer.\n-# Librarian · tiny");
    const history = desk.peer.interaction(id).original?.history ?? [];
    expect(history.at(-1)).toMatch(/^The answer\./);
    for (const text of history) expect(text.length).toBeLessThanOrEqual(2_000);
    expect(desk.notes.has(turn.turn)).toBe(false);
    expect(desk.peer.replies(address.container)).toEqual([]);
  });

  test.concurrent("C2 initial response: at fourteen minutes it says where the answer will come, which then comes there", async (context) => {
    const { desk, begin, accepted, reply, said } = await atWork(context);
    let id = "";
    const address = await accepted(
      async () => (id = await desk.peer.command("ada", "ask", { question: "Why?" }, { channel: "general" })),
    );
    const turn = begin(address);
    desk.pass(14 * 60_000);
    turn.draft("It takes its time");
    const words = "This takes longer than Discord waits. The answer will come as a direct message.";
    await vi.waitFor(() => expect(desk.peer.interaction(id).content).toBe(words), SOON);
    turn.end();
    await desk.send(reply(turn.turn, address, "At last."));
    expect(desk.peer.interaction(id).content).toBe(words);
    expect(said(desk.peer.dmChannel("ada"))).toEqual(["At last.\n-# Librarian · tiny"]);
  });

  test.concurrent("C2 rates: its writes keep a pace, and wait as long as Discord asks", async (context) => {
    const { desk, begin, accepted } = await atWork(context);
    let id = "";
    const address = await accepted(async () => (id = await desk.peer.command("ada", "ask", { question: "Why?" })));
    const edits = () => desk.peer.interaction(id).original?.history.filter((text) => text !== "") ?? [];
    desk.peer.next("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original", { retryAfter: 0.3 });
    const turn = begin(address);
    for (let i = 0; i < 200; i += 1) turn.draft(`Word ${i}`);
    await vi.waitFor(() => expect(edits()).toEqual(["Word 199\n-# Librarian is writing…"]), SOON);
    turn.end();
  });
});

describe("a message", () => {
  test.concurrent("is typed at, then a reply grows in one message that becomes the answer", async (context) => {
    const { desk, count, begin, accepted, reply } = await atWork(context);
    const address = await accepted(() => desk.peer.mention("garden", "ada", "What grows here?"));
    const shown = () => desk.peer.replies("garden");
    const turn = begin(address);
    await vi.waitFor(() => expect(count(TYPING)).toBe(1), SOON);
    expect(shown()).toEqual([]);
    turn.draft("Toma");
    await vi.waitFor(
      () => expect(shown().map(({ content }) => content)).toEqual(["Toma\n-# Librarian is writing…"]),
      SOON,
    );
    expect(shown()[0]?.reference).toMatchObject({ message_id: desk.accepted.at(-1)?.messageKey });
    await vi.waitFor(() => expect(desk.notes.get(turn.turn)).toBe(JSON.stringify({ ids: [shown()[0]?.id] })), SOON);
    turn.draft("Tomatoes and");
    await vi.waitFor(() => expect(shown()[0]?.content).toMatch(/^Tomatoes and/), SOON);
    turn.end();
    await desk.send(reply(turn.turn, address, "Tomatoes and beans."));
    expect(shown().map(({ content }) => content)).toEqual(["Tomatoes and beans.\n-# Librarian · tiny"]);
  });

  test.concurrent("after a restart the same message grows on", async (context) => {
    const { desk, begin, accepted, reply, said } = await atWork(context);
    const address = await accepted(() => desk.peer.dm("ada", "And then?"));
    const turn = begin(address);
    turn.draft("First");
    await vi.waitFor(() => expect(said(address.container)).toHaveLength(1), SOON);
    await desk.restart();
    desk.progress.publish(address, { kind: "taken", turn: turn.turn, messages: [] });
    turn.draft("First and second");
    await vi.waitFor(() => expect(said(address.container).at(-1)).toMatch(/^First and second/), SOON);
    await desk.restart();
    await desk.send({ ...reply(turn.turn, address, "All of it.") });
    expect(said(address.container)).toEqual(["All of it.\n-# Librarian · tiny"]);
  });

  test.concurrent("a draft whose end nobody saw is found again, not posted twice", async (context) => {
    const { desk, begin, accepted, reply, said } = await atWork(context);
    const address = await accepted(() => desk.peer.dm("ada", "Once?"));
    desk.peer.next(POST, "drop");
    const turn = begin(address);
    turn.draft("Shown");
    await vi.waitFor(() => expect(said(address.container)).toHaveLength(1), SOON);
    turn.end();
    await desk.send(reply(turn.turn, address, "Once."));
    expect(said(address.container)).toEqual(["Once.\n-# Librarian · tiny"]);
  });

  test.concurrent("a draft that somebody took away is not put there again, and the answer is a new message", async (context) => {
    const { desk, count, begin, accepted, reply, said } = await atWork(context);
    const address = await accepted(() => desk.peer.dm("ada", "Gone?"));
    const replies = () => said(address.container);
    const turn = begin(address);
    turn.draft("Draft");
    await vi.waitFor(() => expect(replies()).toHaveLength(1), SOON);
    await vi.waitFor(() => expect(desk.notes.has(turn.turn)).toBe(true), SOON);
    desk.peer.remove(desk.peer.world.messages.get(address.container)!.at(-1)!);
    const edits = count(PATCH);
    turn.draft("Draft goes on");
    await vi.waitFor(() => expect(count(PATCH)).toBe(edits + 1), SOON);
    turn.draft("And on");
    turn.end();
    await desk.send(reply(turn.turn, address, "Here."));
    expect(replies()).toEqual(["Here.\n-# Librarian · tiny"]);
  });

  test.concurrent("what another process works on is left to it", async (context) => {
    const { desk, count, begin, accepted, said } = await atWork(context);
    const address = await accepted(() => desk.peer.dm("ada", "Elsewhere?"));
    const elsewhere = begin(address, false);
    elsewhere.draft("Not ours");
    const ours = begin(address);
    await vi.waitFor(() => expect(count(TYPING)).toBe(1), SOON);
    ours.end();
    elsewhere.end();
    expect(said(address.container)).toEqual([]);
  });

  test.concurrent("the draft of a turn that was answered with silence is taken away, an answer in its place is not", async (context) => {
    const { desk, said } = await atWork(context);
    const { DISCORD_TOKEN: token = "", DISCORD_API_URL: api = "" } = desk.peer.env();
    const clock = { now: desk.now };
    const rest = createRest({ token, api, clock });
    const progress = createProgressBus(() => undefined);
    const drafts = { of: async () => null, note: async () => true };
    const host = { agentName: () => "Librarian", clock, drafts, progress };
    const application = desk.peer.world.application.id;
    const showing = createShowing({ rest, forgotten: createForgotten(), application, host, silenceMs: 500 });
    const silent = desk.channel("silent");
    const answered = desk.channel("answered");
    for (const [turn, address] of [
      ["901", silent],
      ["902", answered],
    ] as const) {
      progress.publish(address, { kind: "taken", turn: turnId(turn), messages: [] });
      progress.publish(address, { kind: "draft", turn: turnId(turn), text: "First words" });
    }
    await vi.waitFor(() => expect([said("silent"), said("answered")].flat()).toHaveLength(2), SOON);
    const [draft] = desk.peer.replies("answered");
    await rest.call({
      method: "PATCH",
      route: `/channels/${answered.container}/messages/${draft!.id}`,
      body: { content: "The answer." },
    });
    progress.publish(answered, { kind: "ended", turn: turnId("902") });
    progress.publish(silent, { kind: "ended", turn: turnId("901") });
    await vi.waitFor(() => expect(said("silent")).toEqual([]), SOON);
    expect(said("answered")).toEqual(["The answer."]);
    showing.stop();
  });
});
