/** Projects by their names: the port Projects of the core. Endpoints make theirs here, too. */
import { NovaError, projectId, serviceOf, type Project, type Projects, type TenantId } from "#core";
import type { Database, Tx } from "./engine/database.ts";

export function createProjects(database: Database): Projects {
  return {
    all: (tenant) => database.within(serviceOf(tenant), listProjects),
    named: (tenant, name) => database.within(serviceOf(tenant), (tx) => findNamed(tx, name)),
    ensure: (tenant, name) => database.within(serviceOf(tenant), (tx) => ensureProject(tx, tenant, name)),
  };
}

type ProjectRow = { readonly id: string; readonly name: string };

const projectFrom = ({ id, name }: ProjectRow): Project => ({ id: projectId(id), name });

async function listProjects(tx: Tx): Promise<readonly Project[]> {
  const { rows } = await tx.query<ProjectRow>("select id, name from project order by lower(name)");
  return rows.map(projectFrom);
}

async function findNamed(tx: Tx, name: string): Promise<Project | undefined> {
  const { rows } = await tx.query<ProjectRow>("select id, name from project where lower(name) = lower($1)", [
    name.trim(),
  ]);
  return rows.map(projectFrom)[0];
}

/** The transaction is within the scope of the tenant. */
export async function ensureProject(tx: Tx, tenant: TenantId, name: string): Promise<Project & { made: boolean }> {
  const clean = name.trim();
  if (clean === "") throw new NovaError("bad_input", "A project needs a name.");
  const made = await insertProject(tx, tenant, clean);
  if (made) return { ...made, made: true };
  const found = await findNamed(tx, clean);
  if (!found) throw new Error("a project was neither found nor made");
  return { ...found, made: false };
}

async function insertProject(tx: Tx, tenant: TenantId, name: string): Promise<Project | undefined> {
  const { rows } = await tx.query<ProjectRow>(
    `insert into project (tenant_id, name) values ($1, $2)
     on conflict (tenant_id, lower(name)) do nothing
     returning id, name`,
    [tenant, name],
  );
  return rows.map(projectFrom)[0];
}
