/** A service killed again and again in the middle of its work: nothing lost, nothing twice. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { HOME, serviceOf } from "#core";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { seededRandom } from "../support/seed.ts";
import { listen, post, signIn, startService, type Service } from "../support/service.ts";

const KILLS = 4;
/** Long enough to reach the answer's delivery, short enough to fall before the message is stored. */
const LATEST_KILL_MS = 250;

const QUESTIONS = [
  "Remember that the spare key hangs behind the blue door",
  "What is 17 % of 2,340?",
  "Where does the spare key hang?",
  "@concierge who can help me with a text?",
  "How many days are there between 1 March 2026 and 9 May 2026?",
];

let home: string;
let place: FreshDatabase;
beforeAll(async () => {
  place = await freshDatabase();
  home = await mkdtemp(join(tmpdir(), "nova-crash-"));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await place.drop();
});

test(
  "four kills at random points: every message in one turn, every turn one visible result",
  { timeout: 240_000 },
  async () => {
    const random = seededRandom();
    console.log(`seed ${random.seed}`);
    let service = await startService(home, place.env);
    const cookie = await signIn(service.loginUrl);
    const posted: string[] = [];

    for (let round = 0; round < KILLS; round += 1) {
      const message = { id: randomUUID(), text: `${QUESTIONS[round % QUESTIONS.length]} (${round})` };
      const first = post(service, cookie, message).catch(() => undefined);
      await pause(random.next() * LATEST_KILL_MS);
      await service.kill();
      await first;
      service = await startService(home, place.env);
      // What a page does that never heard that its message arrived.
      expect([200, 202]).toContain((await post(service, cookie, message)).status);
      posted.push(message.text);
    }

    await vi.waitFor(async () => expect(await unanswered(service, cookie)).toEqual([]), {
      timeout: 60_000,
      interval: 200,
    });
    expect(await service.stop()).toBe(0);

    const database = await place.open(home);
    try {
      const found = await database.within(serviceOf(HOME), async (tx) => ({
        texts: (await tx.query<{ text: string }>("select text from message where direction = 'in' order by id")).rows,
        lost: (await tx.query("select id from message where turn_id is null")).rows,
        turns: (
          await tx.query<{ state: string; replies: number; parts: number }>(
            `select state,
             (select count(*)::integer from message where turn_id = turn.id and direction = 'out') as replies,
             (select count(*)::integer from outbox_part where turn_id = turn.id and state = 'sent') as parts
           from turn order by id`,
          )
        ).rows,
      }));
      expect(found.texts.map((row) => row.text)).toEqual(posted);
      expect(found.lost).toEqual([]);
      // What waited together when the service came back is one turn with all of it.
      expect(found.turns.length).toBeLessThanOrEqual(posted.length);
      expect(found.turns.map(({ replies, parts }) => ({ replies, parts }))).toEqual(
        found.turns.map(() => ({ replies: 1, parts: 1 })),
      );
      expect(found.turns.filter(({ state }) => state === "running")).toEqual([]);
    } finally {
      await database.close();
    }
  },
);

const line = z.object({ id: z.string(), turn: z.string().nullable(), from: z.enum(["person", "nova"]) });

/** Messages on the page whose turn has no reply yet. */
async function unanswered(service: Service, cookie: string): Promise<readonly string[]> {
  const page = listen(service, cookie);
  await vi.waitFor(() => expect(page.of("ready")).toHaveLength(1), { timeout: 10_000 });
  page.close();
  const lines = page.of("message").map((data) => line.parse(data));
  const answered = new Set(lines.filter(({ from }) => from === "nova").map(({ turn }) => turn));
  return lines.filter(({ from, turn }) => from === "person" && !answered.has(turn)).map(({ id }) => id);
}
