/** What must be true when the scripted day is over: on the pages, through the API, and in the rows. */
import { expect, vi } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/postgres/engine/database.ts";
import type { Fleet } from "../support/fleet.ts";
import { listen } from "../support/service.ts";
import { PLACES, type Group, type Line } from "./day-script.ts";
import { isPage, type Cookies, type Doors } from "./day-senders.ts";

const shown = z.object({
  id: z.string(),
  from: z.enum(["person", "nova"]),
  turn: z.string().nullable(),
  text: z.string().optional(),
  html: z.string().optional(),
});

/** Every line of a person's page and its one answer, each once. */
export async function expectPages(fleet: Fleet, cookies: Cookies, script: readonly Group[]): Promise<void> {
  const [service] = fleet.up();
  if (!service) throw new Error("no process is up");
  for (const place of PLACES.filter(isPage)) {
    const page = listen(service, cookies[place]);
    await vi.waitFor(() => expect(page.of("ready")).toHaveLength(1), { timeout: 10_000 });
    page.close();
    const lines = page.of("message").map((data) => shown.parse(data));
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    const own = script.flat().filter((line) => line.place === place);
    const said = lines.filter(({ from }) => from === "person");
    expect(said).toHaveLength(own.length);
    expect(new Set(said.map(({ text }) => text))).toEqual(new Set(own.map(({ text }) => text)));
    const answers = own.map(({ id, text }) => {
      const turn = said.find((line) => line.text === text)?.turn;
      const replies = lines.filter((line) => line.from === "nova" && line.turn === turn);
      expect(replies, `${place} said: ${text}`).toHaveLength(1);
      return [id, plain(replies[0]?.html)] as const;
    });
    expectAnswers(own, new Map(answers), lines.map(asRead));
  }
}

/** Right answers, but to what was given up because too many processes died over it: that is told, and is an end, too. */
function expectAnswers(own: readonly Line[], answers: ReadonlyMap<string, string>, told: readonly string[]): void {
  const isGivenUp = (id: string): boolean => answers.get(id)?.includes("has given up") ?? false;
  for (const { id, place, text, expects, about = id } of own) {
    if (expects === undefined || isGivenUp(id) || isGivenUp(about)) continue;
    expect(answers.get(id), `${place} asked: ${text}, in:\n${told.join("\n")}`).toContain(expects);
  }
}

const asRead = ({ id, from, turn, text, html }: z.infer<typeof shown>): string =>
  `${id} ${from} t${turn}: ${text ?? plain(html)}`;

const plain = (html = ""): string =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&#x27;", "'")
    .replaceAll("&#39;", "'");

const fetched = z.object({
  id: z.string(),
  state: z.enum(["done", "failed"]),
  reply: z.object({ text: z.string() }),
});

type Fetching = {
  readonly fleet: Fleet;
  readonly doors: Doors;
  readonly script: readonly Group[];
  readonly acked: ReadonlyMap<string, string>;
};

/** What came in by webhook is fetched by its id. */
export async function expectFetched({ fleet, doors, script, acked }: Fetching): Promise<void> {
  const [service] = fleet.up();
  const answers = new Map<string, string>();
  for (const { id, place } of script.flat()) {
    if (isPage(place)) continue;
    const response = await fetch(`${service?.url}/api/messages/${acked.get(id)}`, {
      headers: { authorization: `Bearer ${doors[place].token}` },
    });
    answers.set(id, fetched.parse(await response.json()).reply.text);
  }
  const own = script.flat().filter(({ id }) => answers.has(id));
  expectAnswers(own, answers, [...answers.values()]);
}

/** As often may a turn be interrupted; see src/turn/turn.ts. */
const MOST_ATTEMPTS = 10;

export type Found = {
  readonly messages: readonly { id: string; key: string; text: string; conversation: string; turn: string | null }[];
  readonly turns: readonly {
    id: string;
    conversation: string;
    state: string;
    attempts: number;
    replies: readonly string[];
    parts: readonly string[];
    first: string;
  }[];
};

export async function readDay(database: Database): Promise<Found> {
  return { messages: await readMessages(database), turns: await readTurns(database) };
}

async function readMessages(database: Database): Promise<Found["messages"]> {
  const { rows } = await database.pool.query<Found["messages"][number]>(
    `select id, message_key as key, text, conversation_id as conversation, turn_id as turn
     from message where direction = 'in' order by id`,
  );
  return rows;
}

async function readTurns(database: Database): Promise<Found["turns"]> {
  const { rows } = await database.pool.query<Found["turns"][number]>(
    `select id, conversation_id as conversation, state, attempts,
       array(select id::text from message where turn_id = turn.id and direction = 'out') as replies,
       array(select state from outbox_part where turn_id = turn.id order by ordinal) as parts,
       (select min(id) from message where turn_id = turn.id and direction = 'in') as first
     from turn order by id`,
  );
  return rows;
}

export function expectWhole(
  { messages, turns }: Found,
  script: readonly Group[],
  acked: ReadonlyMap<string, string>,
): void {
  const lines = script.flat();
  // Every post is one message, under the id that its sender was told.
  expect(messages).toHaveLength(lines.length);
  const byKey = new Map(messages.map((message) => [message.key, message]));
  for (const line of lines) expect(byKey.get(line.id)).toMatchObject({ text: line.text, id: acked.get(line.id) });

  // Every message is in one turn, every turn has ended in one reply whose parts were all sent.
  expect(messages.filter(({ turn }) => turn === null)).toEqual([]);
  for (const turn of turns) {
    // Given up is only what ten deaths in a row have interrupted.
    expect(turn.state, `turn ${turn.id} after ${turn.attempts} interruptions`).toBe(
      turn.attempts < MOST_ATTEMPTS ? "done" : "failed",
    );
    expect(turn.replies, `turn ${turn.id}`).toHaveLength(1);
    expect(turn.parts.length, `turn ${turn.id}`).toBeGreaterThan(0);
    expect(new Set(turn.parts), `turn ${turn.id}`).toEqual(new Set(["sent"]));
  }

  // Messages stand in the order in which their senders said them, and turns and replies in the order of messages.
  for (const place of PLACES) {
    let last = 0n;
    for (const group of script.filter(([line]) => line?.place === place)) {
      const ids = group.map(({ id }) => BigInt(byKey.get(id)?.id ?? -1));
      for (const id of ids) expect(id, `${place} in order`).toBeGreaterThan(last);
      last = ids.reduce((most, id) => (id > most ? id : most), last);
    }
  }
  for (const own of Map.groupBy(turns, ({ conversation }) => conversation).values()) {
    const firsts = own.map(({ first }) => BigInt(first));
    expect(firsts).toEqual(firsts.toSorted((a, b) => Number(a - b)));
    const replies = own.map(({ replies: [reply] }) => BigInt(reply ?? 0));
    expect(replies).toEqual(replies.toSorted((a, b) => Number(a - b)));
  }
}

export function tally({ turns }: Found): string {
  const states = Map.groupBy(turns, ({ state }) => state);
  const retaken = turns.filter(({ attempts }) => attempts > 0).length;
  return `${[...states].map(([state, { length }]) => `${length} ${state}`).join(", ")}; ${retaken} taken again`;
}
