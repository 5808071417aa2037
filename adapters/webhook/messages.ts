/** How far a post has come, for the program that sent it: its state and its reply, at once or as soon as it is there. */
import { messageId, type AdapterHost, type Endpoint, type MessageId, type MessageState, type ProgressBus } from "#core";
import { json, refuse } from "./answer.ts";
import { hangBell } from "./bell.ts";
import type { Guard } from "./guard.ts";
import { PLATFORM } from "./platform.ts";

export type MessagesDeps = {
  readonly host: Pick<AdapterHost, "endpoints" | "transcript"> & { readonly progress: ProgressBus };
  readonly guard: Guard;
  /** Aborts when the channel closes: whoever waits is told how it stands then. */
  readonly closing: AbortSignal;
};

/** A reply made by another process of this Nova rings no bell here. */
const LOOK_AGAIN_MS = 1_000;
const MOST_WAIT_S = 30;

export async function answerState(request: Request, id: string, deps: MessagesDeps): Promise<Response> {
  const token = bearerOf(request);
  const endpoint = token === undefined ? undefined : await deps.host.endpoints.byToken(token);
  if (!endpoint) return deps.guard.failed(request, NO_TOKEN);
  const wait = waitOf(request);
  if (wait === undefined) return refuse(BAD_WAIT);
  const found = await whenReplied(messageId(id), endpoint, { wait, request, deps });
  return found ? json(shown(found)) : refuse(NO_MESSAGE);
}

const NO_TOKEN = {
  status: 401,
  code: "forbidden",
  message: "The token is missing or wrong.",
  advice: "Send `Authorization: Bearer …` with the token that `nova hooks add` printed.",
  headers: { "www-authenticate": "Bearer" },
};
const BAD_WAIT = { status: 400, code: "bad_input", message: `\`wait\` must be seconds from 0 to ${MOST_WAIT_S}.` };
/** One answer for what is not there and for what is another's. */
const NO_MESSAGE = { status: 404, code: "not_found", message: "This endpoint has no such message." };

function bearerOf(request: Request): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

/** Seconds; undefined for what is no number of them. */
function waitOf(request: Request): number | undefined {
  const wait = new URL(request.url).searchParams.get("wait") ?? "0";
  return /^\d{1,2}(?:\.\d{1,3})?$/.test(wait) && Number(wait) <= MOST_WAIT_S ? Number(wait) : undefined;
}

type Waiting = { readonly wait: number; readonly request: Request; readonly deps: MessagesDeps };

async function whenReplied(
  id: MessageId,
  endpoint: Endpoint,
  { wait, request, deps: { host, closing } }: Waiting,
): Promise<MessageState | undefined> {
  const at = { platform: PLATFORM, scope: endpoint.scope };
  const look = () => host.transcript.stateOf(id, endpoint.person, at);
  if (wait === 0) return look();

  const until = performance.now() + wait * 1_000;
  const gone = AbortSignal.any([request.signal, closing]);
  const bell = hangBell(host.progress, endpoint.scope);
  try {
    for (;;) {
      const heard = new AbortController();
      const left = until - performance.now();
      // Listening begins before the look, so that what is settled in between is not slept through.
      const ring = bell.next(Math.min(LOOK_AGAIN_MS, Math.max(0, left)), AbortSignal.any([gone, heard.signal]));
      const found = await look();
      if (!found || found.reply || left <= 0 || gone.aborted) {
        heard.abort();
        return found;
      }
      await ring;
    }
  } finally {
    bell.still();
  }
}

function shown({ id, state, turn, reply, delivery }: MessageState) {
  return {
    id,
    state,
    turn,
    reply: reply && {
      text: reply.text,
      agent: reply.author.kind === "agent" ? reply.author.agent : null,
      kind: reply.reply?.kind ?? "answer",
      model: reply.reply?.model ?? null,
      at: reply.at.toISOString(),
    },
    delivery,
  };
}
