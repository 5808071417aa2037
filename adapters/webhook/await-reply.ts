/** Waits for the reply to a message of an endpoint, as long as its sender wants to. Used by messages.ts and call.ts. */
import type { AdapterHost, Endpoint, MessageId, MessageState, ProgressBus } from "#core";
import { hangBell } from "./bell.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { PLATFORM } from "./platform.ts";

/** A reply made by another process of this Nova rings no bell here. */
const LOOK_AGAIN_MS = 1_000;
/** What a reply says is being done is over within a moment as a rule, and rings no bell either: so often at first. */
const DOING_MS = 100;
/** And so long; what takes longer is looked at as seldom as everything else. */
const MOMENT_MS = 1_000;
const MOST_WAIT_S = 30;

export type Waiting = {
  /** Seconds; 0 looks once. */
  readonly wait: number;
  readonly request: Request;
  readonly host: Pick<AdapterHost, "transcript" | "proposals" | "contract" | "clock"> & {
    readonly progress: ProgressBus;
  };
  /** Aborts when the channel closes: whoever waits is told how it stands then. */
  readonly closing: AbortSignal;
};

/** The `wait` of an address in seconds; undefined for what is no number of them. */
export function waitOf(request: Request, usual = "0"): number | undefined {
  const wait = new URL(request.url).searchParams.get("wait") ?? usual;
  return /^\d{1,2}(?:\.\d{1,3})?$/.test(wait) && Number(wait) <= MOST_WAIT_S ? Number(wait) : undefined;
}

export const BAD_WAIT = {
  status: 400,
  code: "bad_input",
  message: `\`wait\` must be seconds from 0 to ${MOST_WAIT_S}.`,
  advice: "What takes longer is asked for again at /api/messages with the id.",
};

export type Followed = {
  readonly state: MessageState;
  readonly outcome: Outcome;
  /** The reply's words do not say yet what the outcome does. */
  readonly isBehind: boolean;
};

/** Waits for the reply, and for what it says is being done; never for a person's decision. Undefined: there is no such message. */
export async function whenReplied(
  id: MessageId,
  endpoint: Endpoint,
  { wait, request, host, closing }: Waiting,
): Promise<Followed | undefined> {
  const look = () => follow(id, endpoint, host);
  if (wait === 0) return look();

  const until = performance.now() + wait * 1_000;
  const gone = AbortSignal.any([request.signal, closing]);
  const bell = hangBell(host.progress, endpoint.scope);
  let doingSince: number | undefined;
  let behindSince: number | undefined;
  try {
    for (;;) {
      const heard = new AbortController();
      const now = performance.now();
      const left = until - now;
      // Listening begins before the look, so that what is settled in between is not slept through.
      const ring = bell.next(Math.min(LOOK_AGAIN_MS, Math.max(0, left)), AbortSignal.any([gone, heard.signal]));
      const found = await look();
      const isOver = found?.outcome.kind !== "working";
      if (isOver && found?.isBehind) behindSince ??= now;
      // However it comes that nobody can be told: how it ended is known.
      const isLate = behindSince !== undefined && now - behindSince >= MOMENT_MS;
      if (!found || (isOver && (isLate || !found.isBehind)) || left <= 0 || gone.aborted) {
        heard.abort();
        return found;
      }
      if (found.state.reply === null) {
        await ring;
        continue;
      }
      heard.abort();
      doingSince ??= now;
      const again = now - doingSince < MOMENT_MS || isOver ? DOING_MS : LOOK_AGAIN_MS;
      await bell.next(Math.min(again, left), gone);
    }
  } finally {
    bell.still();
  }
}

async function follow(
  id: MessageId,
  { person, scope, origin }: Endpoint,
  { transcript, proposals, contract, clock }: Waiting["host"],
): Promise<Followed | undefined> {
  const read = () => transcript.stateOf(id, person, { platform: PLATFORM, scope });
  const state = await read();
  if (!state) return undefined;
  const shown = state.reply ? await proposals(state.reply.id, person) : [];
  const promised = state.called && contract(state.called, "output");
  const looking = { now: clock.now(), outside: origin === "outside", contract: promised };
  const outcome = outcomeOf(state, shown, looking);
  const isBehind = shown.some(({ state: how, isTold }) => how !== "pending" && !isTold);
  if (shown.length === 0 || isBehind || outcome.kind === "working") return { state, outcome, isBehind };
  // What was told of them between the two looks is in the reply by now.
  const now = (await read()) ?? state;
  return { state: now, outcome: outcomeOf(now, shown, looking), isBehind };
}
