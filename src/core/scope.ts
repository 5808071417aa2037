/** Whose data a database transaction may see; set before its first statement and enforced by row-level security. */
import type { PersonId, ProjectId, TenantId } from "./ids.ts";

export type Scope = {
  readonly tenant: TenantId;
  /** `service` is Nova itself moving messages between people; no memory row is ever visible to it. */
  readonly person: PersonId | "service";
  /** True in a conversation that others read too: of memory, only what is marked shareable is visible. */
  readonly shared?: boolean;
  /** Absent: every project of the person. */
  readonly project?: ProjectId;
};
