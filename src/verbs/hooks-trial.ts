/** `nova hooks test`: a real signed post to the running service, the same once more, and its reply. Called by hooks.ts. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { sign as signAsGitHub } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { messageId, type Endpoint, type MessageState } from "#core";
import type { Tried, TrialStep } from "./hooks-output.ts";
import type { VerbParts } from "./verb.ts";

/** A post must be answered within ten seconds: GitHub waits no longer. */
const ANSWER_MS = 10_000;
/** Longer than an agent takes by default, and no longer than a person waits. */
const REPLY_MS = 90_000;
const LOOK_MS = 150;

/** Orders nothing and states nothing, so that no agent acts on it and no memory keeps it. */
const WORDS =
  "Hello! Does this reach you? It is only a test of this endpoint, sent by `nova hooks test`; there is nothing to do.";

type Keyed = { readonly endpoint: Endpoint; readonly secrets: readonly string[] };

export async function tryEndpoint({ endpoint, secrets }: Keyed, parts: VerbParts, signal: AbortSignal): Promise<Tried> {
  const { clock, listening } = parts;
  const base = listening();
  const url = `${base === undefined ? parts.publicUrl() : reachable(base)}/hooks/${endpoint.name}`;
  const trial: Tried = { name: endpoint.name, url, message: null, reply: null, steps: [] };
  const steps: TrialStep[] = [];
  const ended = (more: Partial<Tried> = {}): Tried => ({ ...trial, ...more, steps });

  const hindrance = unreachable(parts);
  if (hindrance) {
    steps.push({ what: "service", ok: false, ms: 0, ...hindrance });
    return ended();
  }
  const [secret] = secrets;
  if (secret === undefined) {
    const advice = `\`nova hooks rotate ${endpoint.name}\` makes a fresh one.`;
    steps.push({ what: "secret", ok: false, detail: "none is good any more", ms: 0, advice });
    return ended();
  }

  const letter = await signed(endpoint, secret, clock.now());
  const first = await post(url, letter, parts, signal);
  steps.push(sentStep("sent", first, first.status === 200 || first.status === 202));
  if (!steps.every(({ ok }) => ok)) return ended();

  const again = await post(url, letter, parts, signal);
  const same = again.status === 200 && again.id === first.id;
  steps.push(sentStep("sent again", again, same, "The same post twice should be answered 200 with the same id."));
  if (first.id === null) return ended();

  const { reply, ...step } = await answered(endpoint, first.id, parts, signal);
  steps.push(step);
  return ended({ message: first.id, reply });
}

/** An address that listens everywhere is reached here. */
function reachable(listening: string): string {
  return listening.replace("//0.0.0.0", "//127.0.0.1").replace("//[::]", "//[::1]");
}

function unreachable({ listening, facts }: VerbParts): Pick<TrialStep, "detail" | "advice"> | undefined {
  if (listening() === undefined) {
    return {
      detail: "nothing is listening, for Nova is not running for this folder",
      advice: "`npm start` (`nova start`) starts it; then run this again in another terminal.",
    };
  }
  if (facts().adapters.some(({ platform }) => platform === "webhook")) return undefined;
  return {
    detail: "the webhook channel is closed",
    advice: "NOVA_ADAPTERS must name webhook; set it and start Nova again.",
  };
}

type Letter = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

async function signed({ preset, name }: Endpoint, secret: string, now: Date): Promise<Letter> {
  const id = randomUUID();
  if (preset === "github") {
    const body = JSON.stringify({ zen: WORDS, hook_id: 1, hook: { type: "Repository", name, events: ["push"] } });
    return {
      body,
      headers: {
        "x-github-event": "ping",
        "x-github-delivery": id,
        "x-hub-signature-256": await signAsGitHub(secret, body),
      },
    };
  }
  const body = JSON.stringify({ text: WORDS });
  return {
    body,
    headers: {
      "webhook-id": `msg_${id}`,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
      "webhook-signature": new Webhook(secret).sign(`msg_${id}`, now, body),
    },
  };
}

type Answer = {
  /** 0 when there was none. */
  readonly status: number;
  readonly id: string | null;
  readonly said: string;
  readonly ms: number;
};

const told = z.object({
  id: z.string().nullish(),
  error: z.object({ message: z.string(), advice: z.string().default("") }).nullish(),
});

async function post(
  url: string,
  { body, headers }: Letter,
  { clock }: VerbParts,
  signal: AbortSignal,
): Promise<Answer> {
  const began = clock.now().getTime();
  const ms = () => clock.now().getTime() - began;
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const text = await response.text();
    const json = told.safeParse(parsed(text)).data;
    const said = json?.error ? `${json.error.message} ${json.error.advice}`.trim() : "";
    return { status: response.status, id: json?.id ?? null, said, ms: ms() };
  } catch (error) {
    signal.throwIfAborted();
    return { status: 0, id: null, said: error instanceof Error ? error.message : "no answer", ms: ms() };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Judged by its status alone.
  }
}

function sentStep(what: string, { status, id, said, ms }: Answer, ok: boolean, otherwise = ""): TrialStep {
  const which = id === null ? "no message is made of it" : `message ${id}`;
  const detail = status === 0 ? `no answer: ${said}` : `${status}${status < 300 ? `, ${which}` : said && `, ${said}`}`;
  return { what, ok, detail, ms, ...(ok ? {} : { advice: REMEDIES[status] ?? (otherwise || REST) }) };
}

const REST = "The service's log says more.";
const REMEDIES: Readonly<Record<number, string>> = {
  0: "Something may stand between: look whether the service still runs (`nova status`).",
  401: "The signature was refused: this machine's clock may have changed. `nova hooks rotate` makes a fresh secret.",
  404: "The service does not know this address; was it removed just now?",
  429: "Too many posts were refused lately; wait a minute.",
  503: "The service cannot store anything now; `nova status` says why.",
};

async function answered(
  endpoint: Endpoint,
  id: string,
  { transcript, clock }: VerbParts,
  signal: AbortSignal,
): Promise<TrialStep & Pick<Tried, "reply">> {
  const began = clock.now().getTime();
  const place = { platform: "webhook", scope: endpoint.scope };
  for (;;) {
    const state = await transcript.stateOf(messageId(id), endpoint.person, place);
    const ms = clock.now().getTime() - began;
    if (state?.reply) return { what: "answered", ms, reply: state.reply.text, ...ending(state) };
    if (!state || ms > REPLY_MS) {
      const detail = state ? `not yet, it is ${state.state}` : "the message is not to be found";
      return { what: "answered", ok: false, detail, ms, reply: null, advice: "`nova trace last` shows what happens." };
    }
    await pause(LOOK_MS, undefined, { signal });
  }
}

function ending({ state, turn, reply }: MessageState): Pick<TrialStep, "ok" | "detail" | "advice"> {
  const by =
    reply?.author.kind === "agent" && reply.author.agent !== null ? `by ${reply.author.agent}` : "by Nova itself";
  if (state === "done") return { ok: true, detail: by };
  return {
    ok: false,
    detail: `${state}, ${by}`,
    advice: `\`nova trace ${turn === null ? "last" : `t${turn}`}\` shows why.`,
  };
}
