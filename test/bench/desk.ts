/** Whoever talks to Nova in the bench: a channel in this process that notes when each answer came. Used by hops and turns. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  defineAdapter,
  personId,
  systemClock,
  type AdapterDefinition,
  type AdapterHost,
  type Address,
  type Inbound,
} from "#core";
import { openStores } from "../../src/service/stores.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { silentLog } from "../support/log.ts";

export interface Desk {
  readonly definition: AdapterDefinition;
  introduce(database: Database): Promise<void>;
  /** Milliseconds from the offer of these words to their answer. */
  ask(room: string, text: string): Promise<number>;
  /** Works off what waits, so many answers; those per second after the first tenth of them, which warm up. */
  rateOf(answers: number): Promise<number>;
}

const ACCOUNT = { platform: "bench", scope: "lab", id: "owner" };
const WAKE_UP = "wake-up";

export function createDesk(): Desk {
  let host: AdapterHost | undefined;
  let onSent: (room: string) => void = () => undefined;
  const accept = async (inbound: Inbound): Promise<void> => {
    const receipt = await host?.accept(inbound);
    if (receipt?.kind !== "accepted") throw new Error(`the message was not accepted: ${receipt?.kind}`);
  };
  return {
    definition: defineAdapter({
      platform: "bench",
      settings: z.object({}),
      caps: { maxText: Infinity, idempotentSend: true, buttons: false },
      parse: () => ({ ignored: "nothing is posted here" }),
      render: (markdown) => [{ body: markdown }],
      examples: { accepted: [], ignored: [null] },
      create(_settings, given) {
        host = given;
        return {
          routes: [],
          async send(part) {
            onSent(part.address.container);
            return { kind: "sent", externalId: part.id };
          },
          health: () => ({ transport: OK, admission: OK, auth: OK }),
        };
      },
    }),
    introduce: (database) => introduce(host?.people, database),
    async ask(room, text) {
      const answered = new Promise<void>((resolve) => {
        onSent = () => resolve();
      });
      const began = performance.now();
      await accept(said(room, text));
      await answered;
      return performance.now() - began;
    },
    async rateOf(answers) {
      const warm = Math.ceil(answers / 10);
      let count = 0;
      let began = 0;
      const done = new Promise<number>((resolve) => {
        onSent = (room) => {
          if (room === WAKE_UP) return;
          count += 1;
          if (count === warm) began = performance.now();
          if (count === answers) resolve(performance.now() - began);
        };
      });
      // The first message that is offered sets Nova to work.
      await accept(said(WAKE_UP, "How do I take care of the lawn?"));
      return ((answers - warm) / (await done)) * 1_000;
    },
  };
}

const OK = { ok: true, detail: "bench" };

async function introduce(people: AdapterHost["people"] | undefined, database: Database): Promise<void> {
  const { rows } = await database.pool.query<{ id: string }>("select id from person where role = 'owner'");
  const [owner] = rows;
  if (owner) await people?.link(ACCOUNT, personId(owner.id));
}

const addressOf = (room: string): Address => ({
  platform: "bench",
  scope: "lab",
  container: room,
  root: null,
  visibility: "private",
});

function said(room: string, text: string): Inbound {
  const key = randomUUID();
  const sentAt = new Date();
  return { deliveryKey: key, messageKey: key, address: addressOf(room), sender: ACCOUNT, text, sentAt, agent: null };
}

/** Puts messages into the queue, in so many conversations, without anyone at work on them. */
export async function fill(
  database: Database,
  { lanes, each, lines }: { readonly lanes: number; readonly each: number; readonly lines: readonly string[] },
): Promise<void> {
  const stores = await openStores(database, { clock: systemClock, log: silentLog, cap: null });
  try {
    await stores.people.owner("Owner");
    await introduce(stores.people, database);
    for (let i = 0; i < each; i += 1) {
      for (let lane = 0; lane < lanes; lane += 1) {
        await stores.intake.put(said(`lane-${lane}`, lines[i * lanes + lane] ?? ""), false);
      }
    }
  } finally {
    await stores.queue.stop(0);
  }
}
