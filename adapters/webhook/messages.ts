/** How far a post has come, for the program that sent it: its state and its reply, at once or as soon as it is there. */
import { answerJson, answerRefusal, messageId, type AdapterHost, type ProgressBus } from "#core";
import { BAD_WAIT, waitOf, whenReplied, type Followed } from "./await-reply.ts";
import { endpointOf } from "./bearer.ts";
import type { Guard } from "./guard.ts";
import { outcomeWords } from "./outcome.ts";

export type MessagesDeps = {
  readonly host: Pick<AdapterHost, "endpoints" | "transcript" | "proposals" | "contract" | "clock"> & {
    readonly progress: ProgressBus;
  };
  readonly guard: Guard;
  /** Aborts when the channel closes: whoever waits is told how it stands then. */
  readonly closing: AbortSignal;
};

export async function answerState(request: Request, id: string, deps: MessagesDeps): Promise<Response> {
  const endpoint = await endpointOf(request, deps);
  if (endpoint instanceof Response) return endpoint;
  const wait = waitOf(request);
  if (wait === undefined) return answerRefusal(BAD_WAIT);
  const found = await whenReplied(messageId(id), endpoint, { ...deps, wait, request });
  return found ? answerJson(shown(found)) : answerRefusal(NO_MESSAGE);
}

/** One answer for what is not there and for what is another's. */
const NO_MESSAGE = { status: 404, code: "not_found", message: "This endpoint has no such message." };

function shown({ state: { id, state, turn, reply, delivery }, outcome }: Followed) {
  return {
    id,
    state,
    turn,
    ...outcomeWords(outcome),
    reply: reply && {
      text: outcome.text,
      agent: reply.author.kind === "agent" ? reply.author.agent : null,
      kind: reply.reply?.kind ?? "answer",
      model: reply.reply?.model ?? null,
      at: reply.at.toISOString(),
    },
    delivery,
  };
}
