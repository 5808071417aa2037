/** A message from the command line: parsed, stored, and acknowledged only then. */
import { NovaError, type AdapterHost, type Inbound, type Person, type Receipt } from "#core";
import { identityOf, parse } from "./parse.ts";

export type Accepted = Extract<Receipt, { kind: "accepted" }>;

/** Throws a NovaError with the words for a message that is not taken. */
export async function receive(body: unknown, person: Person, host: AdapterHost): Promise<Accepted> {
  const inbound = parse(body, { person, now: host.clock.now() });
  if ("ignored" in inbound) throw new NovaError("bad_input", inbound.ignored);
  const receipt = await store(inbound, person, host);
  switch (receipt.kind) {
    case "accepted":
      return receipt;
    case "refused":
      throw new NovaError(receipt.code, receipt.reason);
    case "blocked":
      throw new NovaError("forbidden", `${person.name} is blocked.`);
    case "unknown":
    case "linked":
      throw new NovaError("forbidden", `The terminal is not linked to ${person.name}.`);
  }
}

async function store(inbound: Inbound, person: Person, host: AdapterHost): Promise<Receipt> {
  const receipt = await host.accept(inbound);
  if (receipt.kind !== "unknown") return receipt;
  // A person's first words here: who holds the folder needs no code.
  await host.people.link(identityOf(person.id), person.id);
  return host.accept(inbound);
}
