/** What a tenant's work belongs to: a name that memory, endpoints and conversations share. Implemented in postgres/projects.ts. */
import type { ProjectId, TenantId } from "./ids.ts";

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
