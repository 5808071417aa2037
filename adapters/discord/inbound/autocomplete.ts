/** Completes the name of an agent, over those that whoever types may meet. Called by take-interaction.ts. */
import type { AdapterHost } from "#core";
import { senderOf } from "../platform.ts";
import type { Choice } from "./defer.ts";

/** Discord shows so many, of so many characters each. */
const MOST = 25;
const LENGTH = 100;
/** What is not known by then comes too late to be shown. */
const PATIENCE_MS = 2_000;

const ANY: Choice = { name: "auto · Nova chooses for each message", value: "auto" };

export type Typed = {
  readonly user: string;
  readonly typed: string;
  /** True where an agent is kept: "auto" lets it go. */
  readonly withAuto: boolean;
};

/** Strangers are offered nobody. */
export async function agentChoices(
  { user, typed, withAuto }: Typed,
  host: Pick<AdapterHost, "people" | "agents">,
): Promise<readonly Choice[]> {
  const who = await inTime(host.people.identify(senderOf(user)));
  if (who?.kind !== "linked") return [];
  const wanted = typed.trim().toLowerCase().replace(/^@/, "");
  const agents = host.agents(who.person.role).map(({ id, name, purpose }): Choice & { readonly words: string } => ({
    name: clip(`${name} · ${purpose}`),
    value: id,
    words: `${id} ${name} ${purpose}`.toLowerCase(),
  }));
  const starts = agents.filter(({ words }) => words.startsWith(wanted));
  const holds = agents.filter((agent) => !starts.includes(agent) && agent.words.includes(wanted));
  const auto = withAuto && ANY.value.startsWith(wanted) ? [ANY] : [];
  return [...auto, ...[...starts, ...holds].map(({ name, value }) => ({ name, value }))].slice(0, MOST);
}

async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  const over = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => over.resolve(undefined), PATIENCE_MS);
  // Without an answer nothing is offered, and the name can still be typed out.
  return Promise.race([work.catch(() => undefined), over.promise]).finally(() => clearTimeout(timer));
}

const clip = (text: string): string => (text.length <= LENGTH ? text : `${text.slice(0, LENGTH - 1).toWellFormed()}…`);
