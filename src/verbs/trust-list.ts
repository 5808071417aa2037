/** Every agent's trust verb by verb, with how it has fared since it was last set. Used by trust.ts. */
import {
  effectiveTrust,
  grantedTrust,
  HOME,
  landingOf,
  recordOf,
  suggestionOn,
  type AgentId,
  type ProjectId,
  type Tried,
  type TrustSetting,
} from "#core";
import type { TrustOutput, TrustRow } from "./trust-words.ts";
import type { VerbParts } from "./verb.ts";

type Known = {
  readonly settings: readonly TrustSetting[];
  /** Each with the project that its change landed in. */
  readonly tried: readonly (Tried & { readonly project: ProjectId | null })[];
  /** When each was last set or taken back; see `spot`. */
  readonly changed: ReadonlyMap<string, Date>;
  readonly names: ReadonlyMap<string, string>;
};

/** Where something is set: an agent, a verb, and a project or everywhere. */
type Spot = { readonly agent: AgentId; readonly verb: string; readonly project: ProjectId | null };

const spot = ({ agent, verb, project }: Spot): string => [agent, verb, project ?? ""].join(" ");

/** A row for each verb that an agent holds, one for each project that something is set for, and what is set for nobody any more. */
export async function listTrust(only: AgentId | undefined, parts: VerbParts): Promise<TrustOutput> {
  const known = await look(parts);
  const held = parts.roster
    .all()
    .flatMap(({ id, effects }) => effects.map(({ verb }) => ({ agent: id, verb, project: null })));
  const spots = new Map([...held, ...known.settings].map((each): [string, Spot] => [spot(each), each]));
  const rows = [...spots.values()]
    .filter(({ agent }) => only === undefined || agent === only)
    .toSorted((a, b) => spot(a).localeCompare(spot(b)))
    .map((each) => rowOf(each, known, parts));
  return { did: "list", rows };
}

async function look({ storedTrust, projects, effects }: VerbParts): Promise<Known> {
  const [settings, history, tried, all] = await Promise.all([
    storedTrust.all(HOME),
    storedTrust.history(HOME, MOST_CHANGES),
    storedTrust.tried(HOME),
    projects.all(HOME),
  ]);
  return {
    settings,
    tried: tried.map((each) => ({ ...each, project: landedIn(each, effects) })),
    changed: new Map(history.toReversed().map((each) => [spot(each), each.at])),
    names: new Map(all.map(({ id, name }) => [id, name])),
  };
}

/** Trust goes by where a change lands, and so does what is counted. */
function landedIn({ verb, effect }: Tried, effects: VerbParts["effects"]): ProjectId | null {
  const definition = effects.find((each) => each.verb === verb);
  return ((definition && landingOf(effect, definition)) ?? effect).project;
}

/** Far more than an operator sets by hand. */
const MOST_CHANGES = 5_000;

function rowOf(at: Spot, { settings, tried, changed, names }: Known, { roster }: VerbParts): TrustRow {
  const { agent, verb, project } = at;
  const spec = roster.get(agent);
  const granted = spec && grantedTrust(spec, verb);
  const of = settings.filter((each) => each.agent === agent && each.verb === verb);
  const since = changed.get(spot(at)) ?? null;
  // What is set for a project has a row of its own, and counts there alone.
  const apart = new Set(of.map((each) => each.project));
  const own = tried.filter(
    (each) =>
      each.agent === agent &&
      each.verb === verb &&
      (each.project === project || (project === null && !apart.has(each.project))) &&
      (since === null || each.at > since),
  );
  const trust = granted ? effectiveTrust(granted, of, [project]) : null;
  const set = of.find((each) => each.project === project);
  return {
    agent,
    verb,
    project: project === null ? null : (names.get(project) ?? project),
    trust,
    start: granted?.start ?? null,
    ceiling: granted?.ceiling ?? null,
    set: set?.trust ? { trust: set.trust, by: set.by.name, at: set.at, why: set.why } : null,
    since,
    ...recordOf(own),
    suggestion: granted && trust ? suggestionOn(own, { trust, ceiling: granted.ceiling }) : null,
  };
}
