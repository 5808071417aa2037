/** An agent called as a component: typed input in, typed output back, through a turn like any other. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  agentId,
  answerJson,
  answerRefusal,
  isReply,
  linkCode,
  misfit,
  type AdapterHost,
  wellFormed,
  type Address,
  type Admission,
  type AgentId,
  type Endpoint,
  type HttpRefusal,
  type Inbound,
  type ProgressBus,
  type Receipt,
} from "#core";
import { BAD_WAIT, waitOf, whenReplied, type Followed } from "./await-reply.ts";
import { endpointOf } from "./bearer.ts";
import { readBody } from "./body.ts";
import type { Guard } from "./guard.ts";
import { outcomeWords } from "./outcome.ts";
import { senderOf } from "./parse.ts";
import { PLATFORM } from "./platform.ts";
import { notStored, store } from "./store.ts";

export type CallDeps = {
  readonly host: Pick<
    AdapterHost,
    "accept" | "people" | "endpoints" | "transcript" | "proposals" | "agents" | "contract" | "clock" | "log"
  > & { readonly progress: ProgressBus };
  readonly guard: Guard;
  readonly admission: Pick<Admission, "note">;
  readonly closing: AbortSignal;
};

/** As an agent may use up by default before it is timed out. */
const USUAL_WAIT = "30";
const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * 200 with the output, a question or a draft; 202 when it takes longer than `wait` or waits for a person; 422 when the agent could
 * not, or something that was asked for did not come about.
 */
export async function callAgent(request: Request, name: string, deps: CallDeps): Promise<Response> {
  const endpoint = await endpointOf(request, deps);
  if (endpoint instanceof Response) return endpoint;
  const wait = waitOf(request, USUAL_WAIT);
  if (wait === undefined) return answerRefusal(BAD_WAIT);
  const agent = agentFor(endpoint, name, deps);
  if ("status" in agent) return answerRefusal(agent);
  const key = request.headers.get("idempotency-key") ?? randomUUID();
  if (!KEY.test(key)) return answerRefusal(BAD_KEY);
  const read = readBody(request.headers.get("content-type"), await request.text());
  if ("ignored" in read) return answerRefusal(unread(request.headers.get("content-type"), read.ignored));
  const input = agent.input.safeParse(read.body);
  if (!input.success) return answerRefusal(unfit(agent.id, input.error, agent.input));

  const inbound = inboundOf(endpoint, { agent: agent.id, key, input: input.data }, deps);
  if (linkCode(inbound.text) !== undefined) return answerRefusal(NO_LINKS);
  const receipt = await stored(inbound, endpoint, deps);
  if (receipt instanceof Response) return receipt;
  if (receipt.kind !== "accepted") return answerRefusal(notTaken(receipt));
  if (receipt.duplicate && !(await isSame(inbound, endpoint, deps))) return answerRefusal(OTHER_INPUT);
  const found = await whenReplied(receipt.message, endpoint, { ...deps, wait, request });
  if (!found) return answerRefusal(GONE);
  return answer(found);
}

type Callable = { readonly id: AgentId; readonly input: z.ZodType };

/** An endpoint reaches whom its person may meet, and where it is for one agent, that one alone. */
function agentFor(endpoint: Endpoint, name: string, { host }: CallDeps): Callable | HttpRefusal {
  const known = host.agents(endpoint.person.role).find(({ id }) => id === name);
  const input = known && host.contract(known.id, "input");
  const open = endpoint.agent === null ? host.agents(endpoint.person.role).map(({ id }) => id) : [endpoint.agent];
  if (!known || !input)
    return {
      status: 404,
      code: "not_found",
      message: "There is no agent of this name that this endpoint may call.",
      advice: `It may call: ${open.join(", ")}.`,
    };
  if (endpoint.agent !== null && endpoint.agent !== known.id)
    return {
      status: 403,
      code: "forbidden",
      message: `This endpoint is for the agent ${endpoint.agent} alone.`,
      advice: `Call /api/agents/${endpoint.agent}, or add an endpoint for ${known.id}: \`nova hooks add\`.`,
    };
  return { id: known.id, input };
}

const BAD_KEY = {
  status: 400,
  code: "bad_input",
  message: "The header idempotency-key must be 1 to 200 printable characters, without spaces.",
  advice: "A UUID will do; the same one for a call that is sent again.",
};
const OTHER_INPUT = {
  status: 422,
  code: "bad_input",
  message: "This idempotency-key was used for another input, so nothing was run.",
  advice: "Send a new key with a new input; the old key gives what its own input came to.",
};
/** It would hand this very endpoint to someone else. */
const NO_LINKS = {
  status: 400,
  code: "bad_input",
  message: "An endpoint belongs to a person already, so a code for linking accounts is no input.",
  advice: "Send the code from the account that you want to link.",
};
const GONE = {
  status: 404,
  code: "not_found",
  message: "The call is not there any more.",
  advice: "Call again with a new idempotency-key.",
};

/** Whoever calls has no settings of a webhook to look at, but a header to send. */
const unread = (type: string | null, why: string): HttpRefusal => {
  const isJson = /json/i.test(type ?? "");
  return {
    status: 400,
    code: "bad_input",
    message: isJson ? why : "The body must be of the type application/json.",
    advice: isJson
      ? "Send one JSON object."
      : "Send the header `content-type: application/json`; curl sends another one by itself.",
  };
};

function unfit(agent: AgentId, { issues }: z.ZodError, input: z.ZodType): HttpRefusal {
  const told = issues.slice(0, 5).map((issue) => {
    const name = issue.path.map(String).join(".") || "body";
    const words = misfit(issue, name);
    return issue.code === "unrecognized_keys" || words.includes(`\`${name}\``) ? words : `\`${name}\`: ${words}`;
  });
  const fields = Object.keys(z.toJSONSchema(input, { io: "input" }).properties ?? {});
  return {
    status: 400,
    code: "bad_input",
    message: `The input does not fit the contract of ${agent}: ${told.join("; ")}.`,
    advice: `${fields.length > 0 ? `It is an object with ${fields.join(", ")}; \`` : "`"}nova agents show ${agent}\` shows it.`,
  };
}

/** A key stands for one input: its call, as it is stored, is all that was said in its conversation. */
async function isSame({ address, text }: Inbound, { person }: Endpoint, { host }: CallDeps): Promise<boolean> {
  const said = await host.transcript.at(address, person, null, 10);
  return said.some((message) => !isReply(message) && message.text === wellFormed(text));
}

/** Each call is a conversation of its own: none reads what another was about. */
const addressOf = (scope: string, agent: AgentId, key: string): Address => ({
  platform: PLATFORM,
  scope,
  container: `call:${agent}`,
  root: key,
  visibility: "private",
});

type Call = { readonly agent: AgentId; readonly key: string; readonly input: unknown };

function inboundOf(endpoint: Endpoint, { agent, key, input }: Call, { host }: CallDeps): Inbound {
  const once = `call:${agent}:${key}`;
  return {
    deliveryKey: once,
    messageKey: once,
    address: addressOf(endpoint.scope, agent, key),
    sender: senderOf(endpoint.scope),
    text: wordsOf(input),
    sentAt: host.clock.now(),
    ...(endpoint.origin === "outside" ? { origin: "outside" } : {}),
    agent: agentId(agent),
    project: endpoint.project?.id ?? null,
  };
}

const worded = z.strictObject({ words: z.string() });
const passage = z.strictObject({ instruction: z.string(), text: z.string() });

/** As a person would have put it, so that the agent reads what it always reads; what has other fields stays JSON. */
function wordsOf(input: unknown): string {
  const words = worded.safeParse(input);
  if (words.success) return words.data.words;
  const text = passage.safeParse(input);
  if (text.success) return `${text.data.instruction.replace(/[:\s]+$/, "")}:\n\n${text.data.text}`;
  return JSON.stringify(input, null, 2);
}

async function stored(inbound: Inbound, endpoint: Endpoint, deps: CallDeps): Promise<Receipt | Response> {
  try {
    const receipt = await store(inbound, endpoint, deps.host);
    deps.admission.note(true);
    return receipt;
  } catch (error) {
    return notStored(error, deps);
  }
}

function notTaken(receipt: Exclude<Receipt, { kind: "accepted" }>): HttpRefusal {
  if (receipt.kind !== "refused")
    return {
      status: 403,
      code: "forbidden",
      message: "This endpoint's account is shut out, so nothing was stored.",
      advice: "The owner can let it in again: `nova people unblock`.",
    };
  return { status: receipt.code === "too_large" ? 413 : 400, code: receipt.code, message: receipt.reason };
}

function answer({ state, outcome }: Followed): Response {
  const { id, turn, reply } = state;
  const { text } = outcome;
  const about = {
    id,
    state: state.state,
    turn,
    agent: reply?.author.kind === "agent" ? reply.author.agent : null,
    model: reply?.reply?.model ?? null,
    ...outcomeWords(outcome),
  };
  const where = { location: `/api/messages/${id}`, "retry-after": String(LOOK_AGAIN_S) };
  switch (outcome.kind) {
    case "working":
    case "waits":
      return answerJson({ ...about, ...(reply ? { text } : {}) }, 202, where);
    case "answered":
      return answerJson(outcome.output === undefined ? { ...about, text } : about);
    case "asks":
      return answerJson(about);
    case "done":
    case "draft":
      return answerJson({ ...about, text });
    case "failed":
      return answerJson(about, 422);
    case "not_done":
      return answerJson({ ...about, text }, 422);
  }
}

const LOOK_AGAIN_S = 5;
