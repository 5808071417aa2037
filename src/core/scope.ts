/** Whose data a database transaction may see; set before its first statement and enforced by row-level security. */
import type { BranchId, PersonId, ProjectId, TenantId } from "./ids.ts";
import type { Person } from "./person.ts";

/**
 * Where work happens. An id: rows of it and rows of none. `every`: whatever the project or branch. Null: rows of none
 * only. What is written in one project or branch belongs to it; what is written in every one belongs to none.
 */
export type Place = {
  readonly project: ProjectId | "every" | null;
  readonly branch: BranchId | "every" | null;
};

export type Scope = Place & {
  readonly tenant: TenantId;
  /** `service` is Nova itself moving messages between people; no memory row is ever visible to it. */
  readonly person: PersonId | "service";
  /** True in a conversation that others read too: of memory, only what is marked shareable is visible. */
  readonly shared?: boolean;
};

const EVERYWHERE: Place = { project: "every", branch: "every" };

/** Nova itself within a tenant. */
export const serviceOf = (tenant: TenantId): Scope => ({ tenant, person: "service", ...EVERYWHERE });

/** All that is a person's: their transcript, their traces, what their verbs show. */
export const wholeOf = (person: Pick<Person, "tenant" | "id">): Scope => ({
  tenant: person.tenant,
  person: person.id,
  ...EVERYWHERE,
});

/** What a person may watch over: the owner the whole tenant, everyone else what is theirs. */
export const watchOf = (person: Person): Scope =>
  person.role === "owner" ? serviceOf(person.tenant) : wholeOf(person);

/**
 * Where a turn works. Without a project it spans the person's projects; without a branch it stays out of all branches,
 * for a branch is a wall between colleagues, and nobody opens it by not naming one.
 */
export const placeOf = (turn: {
  readonly person: Person;
  readonly project: ProjectId | null;
  readonly branch: BranchId | null;
}): Scope => ({ ...wholeOf(turn.person), project: turn.project ?? "every", branch: turn.branch });
