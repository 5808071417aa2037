/** A message from the page: verified, parsed, stored, and only then acknowledged. */
import { answerJson, answerRefusal, readJson, type AdapterHost, type Inbound, type Person, type Receipt } from "#core";
import { saidEvent } from "./event.ts";
import type { Feed } from "./feed.ts";
import { identityOf, parse } from "./parse.ts";
import { verifyPost } from "./verify.ts";

export type ReceiveDeps = {
  readonly host: Pick<AdapterHost, "accept" | "people" | "clock">;
  readonly feed: Pick<Feed, "push">;
  /** Told whether storing worked, for the adapter's health. */
  readonly onAccept: (ok: boolean) => void;
};

/** 202 `{"id","at"}` when stored, 200 `{"id"}` when it had been before. `words` stand in for the text of the body. */
export async function receive(request: Request, deps: ReceiveDeps, words?: string): Promise<Response> {
  const { host } = deps;
  const session = await verifyPost(request, host);
  if (session instanceof Response) return session;

  const body = await readJson(request);
  const meant = words === undefined || typeof body !== "object" ? body : { ...body, text: words };
  const inbound = parse(meant, { person: session.person, now: host.clock.now() });
  if ("ignored" in inbound) return answerRefusal({ status: 400, code: "bad_input", message: inbound.ignored });
  return answer(await store(inbound, session.person, deps), inbound, deps);
}

async function store(inbound: Inbound, person: Person, { host, onAccept }: ReceiveDeps): Promise<Receipt> {
  try {
    const receipt = await host.accept(inbound);
    onAccept(true);
    if (receipt.kind !== "unknown") return receipt;
  } catch (error) {
    onAccept(false);
    throw error;
  }
  // The session proves who this is: only the link is missing, for instance after it was taken away and restored.
  await host.people.link(identityOf(person.id), person.id);
  return host.accept(inbound);
}

function answer(receipt: Receipt, inbound: Inbound, { feed }: ReceiveDeps): Response {
  switch (receipt.kind) {
    case "accepted": {
      const { message: id, duplicate } = receipt;
      if (duplicate) return answerJson({ id });
      const { messageKey: client, sentAt: at, text } = inbound;
      feed.push(receipt.person.id, saidEvent({ id, turn: null, at, text, client }));
      return answerJson({ id, at: at.toISOString() }, 202);
    }
    case "refused":
      return answerRefusal({
        status: receipt.code === "too_large" ? 413 : 400,
        code: receipt.code,
        message: receipt.reason,
      });
    case "blocked":
      return answerRefusal({ status: 403, code: "forbidden", message: "This account is blocked." });
    case "unknown":
    case "linked":
      return answerRefusal({ status: 403, code: "forbidden", message: "This account is not linked to a person." });
  }
}
