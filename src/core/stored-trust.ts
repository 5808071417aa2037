/**
 * How much an agent may do of one verb in one scope: its file gives the start and the ceiling, and what the operator set
 * stands between. Rows in postgres/effects/stored-trust.ts; asked by the turn whenever an effect is weighed.
 */
import type { AgentSpec } from "./agent.ts";
import type { AgentId, ProjectId, TenantId } from "./ids.ts";
import type { Person } from "./person.ts";
import type { Tried } from "./track-record.ts";
import { leastTrust, type Trust } from "./trust.ts";

export type TrustSetting = {
  readonly agent: AgentId;
  readonly verb: string;
  /** Null: wherever nothing is set for the project. */
  readonly project: ProjectId | null;
  /** Null: what was set was taken back, and its file's start holds again. */
  readonly trust: Trust | null;
  /** The operator's words, at most 500 characters. */
  readonly why: string | null;
  readonly by: Person;
  readonly at: Date;
};

export interface StoredTrust {
  /** What stands now for this agent and verb: at most one for each project, and one for none. */
  of(agent: AgentId, verb: string, tenant: TenantId): Promise<readonly TrustSetting[]>;
  /** All that stand now. */
  all(tenant: TenantId): Promise<readonly TrustSetting[]>;
  /** Everything that was ever set or taken back, newest first. */
  history(tenant: TenantId, limit: number): Promise<readonly TrustSetting[]>;
  /** Holds from the next effect that is weighed, approved or begun; what stood before stays in the history. */
  set(setting: Omit<TrustSetting, "by" | "at">, by: Person): Promise<TrustSetting>;
  /** What became of the newest 500 proposals of each agent and verb that were decided, newest first. */
  tried(tenant: TenantId): Promise<readonly Tried[]>;
}

/** What an agent's file says of a verb; undefined when it does not grant it. */
export type GrantedTrust = { readonly start: Trust; readonly ceiling: Trust };

export function grantedTrust(agent: Pick<AgentSpec, "effects" | "trust">, verb: string): GrantedTrust | undefined {
  const grant = agent.effects.find((each) => each.verb === verb);
  if (!grant) return undefined;
  const { trust: start = agent.trust, ceiling = start } = grant;
  return { start, ceiling };
}

/**
 * Of the settings that fit, the narrowest holds, and none lifts an agent above its file's ceiling. Where a change goes from
 * one project into another, the lower of both counts; null is work in no project.
 */
export function effectiveTrust(
  { start, ceiling }: GrantedTrust,
  settings: readonly Pick<TrustSetting, "project" | "trust">[],
  places: readonly (ProjectId | null)[],
): Trust {
  const set = (project: ProjectId | null) => settings.find((each) => each.project === project)?.trust ?? undefined;
  const projects = places.filter((place) => place !== null);
  const fitting = (projects.length > 0 ? projects : [null]).map((place) => set(place) ?? set(null) ?? start);
  return leastTrust(ceiling, ...fitting);
}
