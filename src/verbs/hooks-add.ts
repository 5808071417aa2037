/** `nova hooks add`: what an endpoint may be, and what it becomes when little is said. Called by hooks.ts. */
import { closest, distance } from "fastest-levenshtein";
import {
  GENERAL_OUTSIDE,
  mayMeet,
  mayRead,
  NovaError,
  novaErrorIn,
  type AgentSpec,
  type Issued,
  type NewEndpoint,
  type Person,
} from "#core";
import type { Added } from "./hooks-output.ts";
import type { VerbParts } from "./verb.ts";
import { who } from "./who.ts";

type Wanted = Pick<NewEndpoint, "name" | "preset" | "origin"> & {
  readonly as?: string | undefined;
  readonly agent?: string | undefined;
  readonly project?: string | undefined;
  readonly secret?: string | undefined;
};

/** Who answers words from outside when nobody is named: the first of them that is there. */
const DEFAULTS = [GENERAL_OUTSIDE, "summariser"];

export async function addEndpoint(wanted: Wanted, parts: VerbParts): Promise<Added> {
  const { name, preset, origin, secret } = wanted;
  const person = await whose(wanted.as, parts);
  const agent =
    wanted.agent === undefined ? defaultFor(wanted, person, parts) : named(wanted.agent, person, wanted, parts);
  if (secret !== undefined) checkSecret(secret, preset);
  const issued = await parts.endpoints.add({
    name,
    preset,
    person,
    origin,
    agent: agent?.id ?? null,
    project: wanted.project ?? null,
    ...(secret === undefined ? {} : { secret }),
  });
  const { endpoint, token } = issued;
  if (token === null) throw new Error("an endpoint was added without a token");
  return {
    name,
    url: `${parts.publicUrl()}/hooks/${name}`,
    preset,
    secret: issued.secret,
    token,
    person: endpoint.person.name,
    agent: endpoint.agent,
    project: endpoint.project?.name ?? null,
    origin,
    notes: notes(issued, parts),
  };
}

/** A name that nobody has is as wrong an option as any other. */
async function whose(name: string | undefined, parts: VerbParts): Promise<Person> {
  try {
    return await who(parts, name);
  } catch (error) {
    const known = novaErrorIn(error);
    if (name === undefined || known?.code !== "not_found") throw error;
    throw new NovaError("bad_input", known.message, { advice: known.advice, cause: error });
  }
}

function defaultFor(wanted: Wanted, person: Person, { roster }: VerbParts): AgentSpec | undefined {
  if (wanted.origin === "person") return undefined;
  return DEFAULTS.flatMap((id) => roster.get(id) ?? []).find(
    (agent) => fits(agent, person) && takes(agent, wanted, person),
  );
}

const fits = (agent: AgentSpec, { role }: Person): boolean => mayMeet(role, agent);

/** Whether the agent may work on what comes in there. */
const takes = (agent: AgentSpec, { origin }: Pick<Wanted, "origin">, { role }: Person): boolean =>
  mayRead(origin === "outside" ? origin : role, agent);

function named(given: string, person: Person, wanted: Wanted, { roster }: VerbParts): AgentSpec {
  const met = roster.all().filter((agent) => fits(agent, person));
  const may = met.filter((agent) => takes(agent, wanted, person));
  const id = given.replace(/^@/, "").toLowerCase();
  const agent = roster.get(id);
  if (!agent) {
    throw new NovaError("bad_input", `There is no agent called "${given}".`, { advice: near(id, may) });
  }
  if (!fits(agent, person)) {
    throw new NovaError("bad_input", `The ${agent.name} is not for ${person.name}, who is a ${person.role} here.`, {
      advice: choose(may),
    });
  }
  if (!takes(agent, wanted, person)) {
    throw new NovaError(
      "bad_input",
      `The ${agent.name} may not work on words from outside: a stranger's post could turn what it reads and does against you.`,
      { advice: `${choose(may)} If the posts are ${person.name}'s own words, add \`--origin person\`.` },
    );
  }
  return agent;
}

const choose = (agents: readonly AgentSpec[]): string =>
  agents.length === 0 ? "No agent on call may." : `These may: ${agents.map(({ id }) => id).join(", ")}.`;

/** By id, by name, and by a part of either: "triage" means inbox-triage. */
function near(given: string, agents: readonly AgentSpec[]): string {
  const apart = agents.map(({ id, name }) => {
    const names = [id, name.toLowerCase(), ...id.split("-")];
    const nearest = closest(given, names);
    return { id, far: distance(given, nearest) / Math.max(1, nearest.length) };
  });
  const [best] = apart.toSorted((a, b) => a.far - b.far);
  return best && best.far <= 0.4 ? `Did you mean ${best.id}? ${choose(agents)}` : choose(agents);
}

const SHORTEST = 16;
/** What Standard Webhooks allows for a key. */
const KEY_BYTES = { from: 24, to: 64 };

/** The secret itself is in no message. */
function checkSecret(secret: string, preset: NewEndpoint["preset"]): void {
  if (preset === "github") {
    if (secret.length >= SHORTEST) return;
    throw new NovaError("bad_input", `The secret has ${secret.length} characters; it needs at least ${SHORTEST}.`, {
      advice: "`openssl rand -hex 32` prints a good one; without --secret-stdin Nova makes one.",
    });
  }
  const key = /^whsec_(?<base64>(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(secret)?.groups;
  const bytes = key ? Buffer.from(key["base64"] ?? "", "base64").length : 0;
  if (bytes >= KEY_BYTES.from && bytes <= KEY_BYTES.to) return;
  throw new NovaError("bad_input", "The secret is not one of Standard Webhooks.", {
    advice: `It begins with whsec_ and goes on with the base64 of ${KEY_BYTES.from} to ${KEY_BYTES.to} bytes; without --secret-stdin Nova makes one.`,
  });
}

function notes({ newProject, endpoint: { project } }: Issued, parts: VerbParts): string[] {
  const { service, adapters } = parts.facts();
  const { hostname, port } = new URL(parts.publicUrl());
  const here = /^(?:localhost|127\..*|\[::1\]|0\.0\.0\.0|\[::\])$/.test(hostname);
  return [
    ...(newProject && project ? [`The project ${project.name} is new.`] : []),
    ...(adapters.some(({ platform }) => platform === "webhook")
      ? []
      : ["The webhook channel is closed: NOVA_ADAPTERS must name webhook."]),
    ...(service ? [] : ["Nova is not running for this folder: start it first (npm start)."]),
    ...(port === "0"
      ? ["NOVA_PORT=0 has Nova take any free port: once it runs, `nova hooks` shows the address with it."]
      : []),
    ...(here
      ? ["Only this machine reaches that address. For senders elsewhere, put a proxy in front and set NOVA_PUBLIC_URL."]
      : []),
  ];
}
