/** A signed post: verified, parsed, stored, and only then acknowledged. */
import { answerJson, answerRefusal, type AdapterHost, type Admission, type Endpoint, type Receipt } from "#core";
import { readBody } from "./body.ts";
import type { Guard } from "./guard.ts";
import { parse, type Envelope } from "./parse.ts";
import { notStored, store } from "./store.ts";
import type { Tally } from "./tally.ts";
import type { Verdict } from "./verdict.ts";
import { verify, type RawPost } from "./verify.ts";

export type ReceiveDeps = {
  readonly host: Pick<AdapterHost, "accept" | "people" | "endpoints" | "clock" | "log">;
  readonly guard: Guard;
  readonly tally: Tally;
  /** Told whether storing worked, for the adapter's health. */
  readonly admission: Pick<Admission, "note">;
};

/** As endpoints are named; whatever else stands in the address is not looked up. */
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** Without one of them a post is certain to be refused. */
const SIGNATURES = ["webhook-signature", "x-hub-signature-256"];

/** 202 `{"id"}` when stored, 200 with the same id when it had been before. */
export async function receive(request: Request, name: string, deps: ReceiveDeps): Promise<Response> {
  const post: RawPost = { headers: request.headers, bytes: new Uint8Array(await request.arrayBuffer()) };
  try {
    return await admit(request, { name, post }, deps);
  } catch (error) {
    return notStored(error, deps);
  }
}

type Arrival = { readonly name: string; readonly post: RawPost };

async function admit(request: Request, { name, post }: Arrival, deps: ReceiveDeps): Promise<Response> {
  const { host, guard, tally } = deps;
  const now = host.clock.now();
  // Whoever guesses and does not even sign costs the database nothing. A signature is always looked at.
  const held = SIGNATURES.some((header) => post.headers.has(header)) ? undefined : guard.held(request);
  if (held) {
    tally.refused();
    return held;
  }
  const keys = NAME.test(name) ? await host.endpoints.keys(name, now) : undefined;
  if (!keys) {
    tally.refused();
    return guard.failed(request, NO_ENDPOINT);
  }
  const verdict = await verify(keys.endpoint.preset, post, keys.secrets, now);
  if (verdict.kind === "unverified") {
    tally.refused();
    return guard.failed(request, unsigned(verdict));
  }

  const { endpoint } = keys;
  const inbound = understand(post, verdict, endpoint, now);
  if ("ignored" in inbound) return answerRefusal({ status: 400, code: "bad_input", message: inbound.ignored });
  const receipt = await store(inbound, endpoint, host);
  deps.admission.note(true);
  if (receipt.kind === "accepted") {
    tally.accepted();
    await note(endpoint, now, host);
  }
  return answer(receipt);
}

const NO_ENDPOINT = { status: 404, code: "not_found", message: "There is no such endpoint." };

const unsigned = ({ why, advice }: Extract<Verdict, { kind: "unverified" }>) => ({
  status: 401,
  code: "forbidden",
  message: why,
  advice,
});

function understand(
  { headers }: RawPost,
  { id, event, text }: Extract<Verdict, { kind: "verified" }>,
  endpoint: Endpoint,
  now: Date,
): ReturnType<typeof parse> {
  const read = readBody(headers.get("content-type"), text);
  if ("ignored" in read) return read;
  const { scope, preset, origin, agent, project } = endpoint;
  const envelope: Envelope = {
    endpoint: { scope, origin, agent, project: project?.id ?? null },
    preset,
    id,
    event,
    body: read.body,
  };
  return parse(envelope, { now });
}

/** When it came is of interest, but not worth a post that is stored already. */
async function note({ name }: Endpoint, now: Date, { endpoints, log }: ReceiveDeps["host"]): Promise<void> {
  try {
    await endpoints.touched(name, now);
  } catch (error) {
    log.warn("webhook.not_noted", { endpoint: name, error: error instanceof Error ? error.name : "unknown" });
  }
}

function answer(receipt: Receipt): Response {
  switch (receipt.kind) {
    case "accepted":
      return answerJson({ id: receipt.message }, receipt.duplicate ? 200 : 202);
    case "refused":
      return answerRefusal({
        status: receipt.code === "too_large" ? 413 : 400,
        code: receipt.code,
        message: receipt.reason,
      });
    case "blocked":
    case "unknown":
    case "linked":
      // A sender who was shut out is told what everyone is told of an address that was taken away.
      return answerRefusal(NO_ENDPOINT);
  }
}
