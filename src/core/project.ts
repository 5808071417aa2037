/** What a tenant's work belongs to: a name that memory, endpoints and conversations share. Implemented in postgres/projects.ts. */
import type { ProjectId, TenantId } from "./ids.ts";
import type { Person } from "./person.ts";

export type Project = {
  readonly id: ProjectId;
  /** Unique in the tenant, compared without case; known to all of its people. */
  readonly name: string;
};

export interface Projects {
  /** In the order of their names. */
  all(tenant: TenantId): Promise<readonly Project[]>;
  named(tenant: TenantId, name: string): Promise<Project | undefined>;
  /** The one of this name, made when there is none. */
  ensure(tenant: TenantId, name: string): Promise<Project & { readonly made: boolean }>;
}

/** Names alone: no id reaches an agent. */
export type ProjectsSeen = {
  /** In their order. */
  readonly names: readonly string[];
  /** The one that the conversation belongs to; null: to none, so that all of them are looked into. */
  readonly here: string | null;
};

/** What this person may know of them; guests nothing. */
export async function projectsSeen(
  projects: Pick<Projects, "all">,
  { person, project }: { readonly person: Person; readonly project: ProjectId | null },
): Promise<ProjectsSeen> {
  if (person.role === "guest") return { names: [], here: null };
  const all = await projects.all(person.tenant);
  return { names: all.map(({ name }) => name), here: all.find(({ id }) => id === project)?.name ?? null };
}

export const NO_PROJECT_YET =
  'There is no project yet. Whoever runs Nova makes one on the terminal, by its first note: `nova memory add "…" --project …`.';

/** Which there are, and in which one they are told. */
export function tellProjects({ names, here }: ProjectsSeen): string {
  if (names.length === 0) return NO_PROJECT_YET;
  const count = names.length === 1 ? "There is one project:" : `There are ${names.length} projects:`;
  const where =
    here === null
      ? "This conversation is in none of them, so I look into all."
      : `This conversation is in **${here}**: what is kept here belongs to it.`;
  return [count, "", ...names.map((name) => `- **${name}**`), "", where].join("\n");
}
