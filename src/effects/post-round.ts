/** The round that brings signed posts to their receivers, again and again until they are taken. Run by the roof. */
import { Webhook } from "standardwebhooks";
import {
  isAway,
  type Announcements,
  type Attempted,
  type ClaimedPost,
  type Clock,
  type Egress,
  type EgressAnswer,
  type Log,
  type People,
  type WebhookPosts,
} from "#core";
import { tellGivenUp } from "./given-up.ts";
import { attemptedAs } from "./webhook-schedule.ts";

export type PostRoundDeps = {
  readonly webhookPosts: WebhookPosts;
  readonly egress: Pick<Egress, "request">;
  readonly announcements: Pick<Announcements, "say">;
  readonly people: Pick<People, "all">;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to 1. */
  readonly chance: () => number;
};

export interface PostRound {
  /** Tries from now on whatever is due. */
  start(): void;
  /** Something may be due at once. */
  look(): void;
  /** Tries what is due now; resolves when that has been tried. */
  pass(): Promise<void>;
  /** Begins nothing more, and waits for what is under way, at most as long as an attempt takes. */
  stop(): Promise<void>;
}

const ATTEMPT_MS = 20_000;
/** What is still under way is another's only when this process cannot be at it any more. */
const CLAIM_MS = 3 * ATTEMPT_MS;
const AT_ONCE = 4;
const LOOK_MS = 30_000;
/** Nobody reads more of an answer. */
const MOST_BYTES = 4_096;

export function createPostRound(deps: PostRoundDeps): PostRound {
  const { webhookPosts, clock, log } = deps;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let started = false;
  let running: Promise<void> | undefined;
  let again = false;

  const tryAll = async (): Promise<void> => {
    for (;;) {
      if (stopping.signal.aborted) return;
      const claimed = await webhookPosts.claim(clock.now(), AT_ONCE, CLAIM_MS);
      await Promise.all(claimed.map((one) => attempt(one, deps, stopping.signal)));
      if (stopping.signal.aborted) return;
      await tellGivenUp(deps);
      if (claimed.length === 0) return;
    }
  };

  const pass = async (): Promise<void> => {
    again = true;
    running ??= (async () => {
      while (again) {
        again = false;
        await tryAll();
      }
    })().finally(() => (running = undefined));
    return running;
  };

  /** Never throws: a database that is away now is asked again the next time. */
  const round = async (): Promise<void> => {
    clearTimeout(timer);
    let due: number | undefined;
    try {
      await pass();
      due = await webhookPosts.dueIn(clock.now());
    } catch (error) {
      if (!stopping.signal.aborted) log.warn("webhook.round_failed", { error: isAway(error) ? "away" : nameOf(error) });
    }
    if (stopping.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(() => void round(), Math.min(due ?? LOOK_MS, LOOK_MS));
    timer.unref();
  };

  return {
    start() {
      started = true;
      void round();
    },
    look: () => void (started && round()),
    pass,
    async stop() {
      clearTimeout(timer);
      stopping.abort();
      await running?.catch(() => undefined);
    },
  };
}

async function attempt(claimed: ClaimedPost, deps: PostRoundDeps, signal: AbortSignal): Promise<void> {
  const { webhookPosts, clock, log } = deps;
  const answer = await post(claimed, deps, signal);
  // Cut off by the stop: nobody knows whether it was taken, and the same id may go out again.
  const attempted: Attempted =
    signal.aborted && answer.kind === "failed"
      ? { kind: "stopped", code: "stopped", at: clock.now() }
      : attemptedAs(answer, claimed, { now: clock.now(), chance: deps.chance() });
  const fields = {
    delivery: claimed.id,
    receiver: claimed.receiver.id,
    code: attempted.code,
    tries: claimed.tries + 1,
  };
  if (attempted.kind === "delivered") log.info("webhook.delivered", fields);
  else log.warn(`webhook.${attempted.kind}`, fields);
  // Told first: should this process die in between, the same is found again, and told under the same key.
  if (attempted.kind === "disabled") await tellOwner(claimed, attempted.why, deps);
  if (!(await webhookPosts.record(claimed, attempted))) log.warn("webhook.lost", fields);
}

/** Signed anew for each attempt, by every secret that is good: the id stays. */
async function post(
  { receiver, webhookId, body, secrets }: ClaimedPost,
  { egress, clock }: PostRoundDeps,
  signal: AbortSignal,
): Promise<EgressAnswer> {
  const now = clock.now();
  const signatures = secrets.map((secret) => new Webhook(secret).sign(webhookId, now, body));
  return egress.request(
    {
      method: "POST",
      url: receiver.url,
      headers: {
        "content-type": "application/json",
        "user-agent": "nova",
        "webhook-id": webhookId,
        "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
        "webhook-signature": signatures.join(" "),
      },
      body,
      mostMs: ATTEMPT_MS,
      mostBytes: MOST_BYTES,
    },
    signal,
  );
}

async function tellOwner(claimed: ClaimedPost, why: string, { people, announcements }: PostRoundDeps): Promise<void> {
  const { id, tenant, receiver, attempts } = claimed;
  const owner = (await people.all(tenant)).find(({ role }) => role === "owner");
  if (!owner) return;
  const because = why === "gone" ? "it answered 410, that it is gone" : "everything failed there for five days";
  const text = `I post nothing more to the receiver **${receiver.name}**: ${because}. What waited for it is given up. \`nova receivers rotate ${receiver.name}\` opens it again, with a new secret.`;
  await announcements.say({
    key: `receiver:${receiver.id}:${id}:${attempts}`,
    to: owner,
    address: null,
    text,
    agent: null,
  });
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");
