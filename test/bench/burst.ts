/** Section (f): what a burst of messages on Slack and Discord comes to while the model is slow. Ends with an error when one is lost or doubled. */
import { setTimeout as pause } from "node:timers/promises";
import { count } from "./burst-count.ts";
import { nowMs, PEOPLE, PLACES, type Delivered, type Place } from "./burst-crowd.ts";
import { startBurstNova, type BurstNova } from "./burst-nova.ts";
import { openCrowd } from "./burst-process.ts";
import type { Engine } from "./engine.ts";
import { median, one, quantile, type Figure } from "./figures.ts";
import { openRoster, questions } from "./roster.ts";
import { startStub } from "./stub.ts";

const EVENTS = 500;
/** A person's first message of so many is a question of its own, and the rest are pieces that go with it. */
const PIECES = { burst: 5, rush: 10 } as const;
const BURST_MS = 2_000;
const MODEL_MS = 1_000;
/** Nobody waits longer for what should have come. */
const LIMIT_MS = 120_000;

type Setting = { readonly engine: Engine; readonly agents: string; readonly model: string };

export async function measureBurst(engine: Engine): Promise<readonly Figure[]> {
  const roster = await openRoster();
  const stub = await startStub({ afterMs: MODEL_MS });
  try {
    const figures: Figure[] = [];
    for (const place of PLACES)
      figures.push(...(await measurePlace(place, { engine, agents: roster.agents, model: stub.url })));
    return figures;
  } finally {
    stub.close();
    await roster.close();
  }
}

async function measurePlace(place: Place, setting: Setting): Promise<readonly Figure[]> {
  const crowd = await openCrowd(place);
  try {
    const own = await startBurstNova({ ...setting, crowd });
    try {
      await crowd.ready(own.url);
      const texts = [...said(EVENTS, 0, PIECES.burst), ...said(EVENTS, EVENTS, PIECES.rush)];
      const burst = await crowd.play({ texts: texts.slice(0, EVENTS), overMs: BURST_MS });
      const burstEnd = await answered(own, EVENTS);
      const repeats = own.repeats();
      const rush = await crowd.play({ texts: texts.slice(EVENTS), overMs: null });
      await answered(own, 2 * EVENTS);
      const { turns, lost, instead, doubled } = await count(own.database, texts, await crowd.replies());
      if (lost > 0 || doubled > 0 || repeats === 0)
        throw new Error(
          `${place}: of ${texts.length} messages ${lost} lost, ${doubled} doubled; ${repeats} came twice; ${instead.slice(0, 5).join("; ")}`,
        );
      const acks = burst.map((message) => ended(message, own) - message.sentAt);
      const began = Math.min(...burst.map(({ sentAt }) => sentAt));
      const what = burst[0]?.ackedAt === null ? "stored" : "ack";
      return [
        one(`${place}: events accepted at full speed`, "/s", rateOf(rush, own)),
        one(`  ${what} in the burst, p50`, "ms", median(acks)),
        one(`  ${what} in the burst, p99`, "ms", quantile(acks, 0.99), "far under 3,000"),
        one(`  ${what} in the burst, longest`, "ms", Math.max(...acks)),
        one("  messages of the burst that came twice", "", repeats),
        one("  lost", "", lost, "0"),
        one("  doubled", "", doubled, "0"),
        one("  turns for all messages of both runs", "", turns),
        one("  from the burst's first event until all were answered", "s", (burstEnd - began) / 1_000),
      ];
    } finally {
      await own.close();
    }
  } finally {
    crowd.close();
  }
}

/** By all people in turn, from this number on; pieces are short, so that a turn takes those that wait. */
function said(many: number, from: number, pieces: number): readonly string[] {
  return questions(from + many)
    .slice(from)
    .map((question, at) => {
      const noun = NOUNS[at % NOUNS.length] ?? "";
      return Math.floor(at / PEOPLE.length) % pieces === 0 ? question : `the ${noun} in bed ${from + at}`;
    });
}
const NOUNS = ["roses", "hedge", "compost", "lawn", "seedlings", "greenhouse"];

/** Discord gives no acks: there the end is that the message is stored. */
const ended = ({ key, ackedAt }: Delivered, { storedAt }: BurstNova): number =>
  ackedAt ?? storedAt.get(key) ?? Number.NaN;

const rateOf = (rush: readonly Delivered[], own: BurstNova): number => {
  const began = Math.min(...rush.map(({ sentAt }) => sentAt));
  return (rush.length / (Math.max(...rush.map((message) => ended(message, own))) - began)) * 1_000;
};

/** Resolves when so many messages are stored and nothing of them is left to do, with the time. */
async function answered({ nova, storedAt }: BurstNova, messages: number): Promise<number> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  while (storedAt.size < messages && !limit.aborted) await pause(10);
  await nova.settled(limit);
  return nowMs();
}
