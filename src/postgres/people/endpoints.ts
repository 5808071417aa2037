/** Endpoints of signed posts, with their secrets and tokens: the port Endpoints of the core. */
import {
  agentId,
  HOOKS_PLATFORM,
  endpointScope,
  NovaError,
  projectId,
  serviceOf,
  type Clock,
  type Endpoint,
  type Endpoints,
  type NewEndpoint,
  type Person,
  type Preset,
  type ProjectId,
} from "#core";
import { enter, type Database, type Tx } from "../engine/database.ts";
import { followTo, personFrom, type PersonRow } from "./person-rows.ts";
import { ensureProject } from "../projects.ts";
import { signingSecretFrom, tokenDigest, tokenFrom } from "./secrets.ts";
import { ending } from "../engine/transaction.ts";

export type EndpointsDeps = {
  readonly clock: Clock;
  /** That many unpredictable bytes. */
  readonly random: (size: number) => Uint8Array;
};

const NOTED_MS = 1_000;

export function createEndpoints(database: Database, { clock, random }: EndpointsDeps): Endpoints {
  const secretFor = (preset: Preset): string => (preset === "standard" ? signingSecretFrom(random) : tokenFrom(random));
  const noted = new Map<string, number>();
  return {
    add: (wanted) =>
      database.system(async (tx) => {
        const at = clock.now();
        await enter(tx, serviceOf(wanted.person.tenant));
        const token = tokenFrom(random);
        const secret = wanted.secret ?? secretFor(wanted.preset);
        const project = wanted.project === null ? null : await ensureProject(tx, wanted.person.tenant, wanted.project);
        const scope = await insertEndpoint(tx, wanted, { project: project?.id ?? null, token: tokenDigest(token), at });
        await insertSecret(tx, wanted.name, secret, at);
        await linkSender(tx, scope, wanted.person, at);
        return { endpoint: await mustFind(tx, wanted.name), secret, token, newProject: project?.made ?? false };
      }),

    all: (tenant) =>
      database.system(async (tx) => {
        const found: Endpoint[] = [];
        for (const row of await rowsOf(tx, "endpoint.tenant_id = $1", tenant)) found.push(await endpointFrom(tx, row));
        return found;
      }),

    named: (name) => database.system((tx) => find(tx, name)),

    rotate: (name, graceUntil) =>
      database.system(async (tx) => {
        const endpoint = await mustFind(tx, name);
        const secret = secretFor(endpoint.preset);
        await expireSecrets(tx, name, graceUntil);
        await insertSecret(tx, name, secret, clock.now());
        return { endpoint, secret, token: null, newProject: false };
      }),

    remove: (name) =>
      database.system(async (tx) => {
        const scope = await deleteEndpoint(tx, name);
        if (scope === undefined) return false;
        await unlinkSender(tx, scope);
        return true;
      }),

    keys: (name, now) =>
      database.system(async (tx) => {
        // All at once: every post waits for this.
        const [rows, secrets, , person, project] = await Promise.all([
          rowsOf(tx, "endpoint.name = $1", name),
          goodSecrets(tx, name, now),
          enterTenantOf(tx, name),
          findPoster(tx, name),
          findPlace(ending(tx), name),
        ]);
        const [row] = rows;
        if (!row) return undefined;
        if (!person) throw new Error(`person ${row.person_id} is missing from tenant ${row.tenant_id}`);
        return { endpoint: endpointOf(row, person, project), secrets };
      }),

    byToken: (token) =>
      database.system(async (tx) => {
        const [row] = await rowsOf(tx, "endpoint.token_hash = $1", tokenDigest(token));
        return row && endpointFrom(tx, row);
      }),

    async touched(name, at) {
      // To the second: of many posts at once one writes, here and in the other processes.
      if (at.getTime() - (noted.get(name) ?? -Infinity) < NOTED_MS) return;
      noted.set(name, at.getTime());
      await database.system(async (tx) => {
        await tx.last(
          `update endpoint set last_post_at = $2
           where name = $1 and (last_post_at is null or last_post_at <= $2::timestamptz - interval '1 second')`,
          [name, at],
        );
      });
    },
  };
}

async function insertEndpoint(
  tx: Tx,
  { name, person, preset, origin, agent }: NewEndpoint,
  more: { readonly project: ProjectId | null; readonly token: Buffer; readonly at: Date },
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into endpoint (name, tenant_id, person_id, preset, origin, agent, project_id, token_hash, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (name) do nothing
     returning id`,
    [name, person.tenant, person.id, preset, origin, agent, more.project, more.token, more.at],
  );
  const [made] = rows;
  if (made) return endpointScope(name, made.id);
  throw new NovaError("bad_input", `There is already an endpoint called ${name}.`, {
    advice: `Choose another name; \`nova hooks list\` shows what there is, \`nova hooks rotate ${name}\` gives it a new secret.`,
  });
}

/** Its scope; undefined when there was none. */
async function deleteEndpoint(tx: Tx, name: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>("delete from endpoint where name = $1 returning id", [name]);
  return rows.map(({ id }) => endpointScope(name, id))[0];
}

async function insertSecret(tx: Tx, name: string, secret: string, at: Date): Promise<void> {
  await tx.query("insert into endpoint_secret (endpoint, secret, created_at) values ($1, $2, $3)", [name, secret, at]);
}

/** The installation itself vouches for whoever holds the secret. */
async function linkSender(tx: Tx, scope: string, person: Person, at: Date): Promise<void> {
  await tx.query(
    `insert into identity (platform, scope, external_id, tenant_id, person_id, linked_at)
     values ($1, $2, $2, $3, $4, $5)`,
    [HOOKS_PLATFORM, scope, person.tenant, person.id, at],
  );
}

async function unlinkSender(tx: Tx, scope: string): Promise<void> {
  await tx.query("delete from identity where platform = $1 and scope = $2", [HOOKS_PLATFORM, scope]);
}

/** None of them lives longer than it would have. */
async function expireSecrets(tx: Tx, name: string, graceUntil: Date): Promise<void> {
  await tx.query("update endpoint_secret set expires_at = least(expires_at, $2) where endpoint = $1", [
    name,
    graceUntil,
  ]);
}

async function goodSecrets(tx: Tx, name: string, now: Date): Promise<readonly string[]> {
  const { rows } = await tx.query<{ secret: string }>(
    `select secret from endpoint_secret
     where endpoint = $1 and (expires_at is null or expires_at > $2)
     order by id desc`,
    [name, now],
  );
  return rows.map((row) => row.secret);
}

type EndpointRow = {
  readonly id: string;
  readonly name: string;
  readonly tenant_id: string;
  readonly person_id: string;
  readonly preset: Preset;
  readonly origin: Endpoint["origin"];
  readonly agent: string | null;
  readonly project_id: string | null;
  readonly created_at: Date;
  readonly last_post_at: Date | null;
};

async function rowsOf(tx: Tx, where: string, value: unknown): Promise<readonly EndpointRow[]> {
  const { rows } = await tx.query<EndpointRow>(
    `select id, name, tenant_id, person_id, preset, origin, agent, project_id, created_at, last_post_at
     from endpoint where ${where} order by name`,
    [value],
  );
  return rows;
}

async function find(tx: Tx, name: string): Promise<Endpoint | undefined> {
  const [row] = await rowsOf(tx, "endpoint.name = $1", name);
  return row && endpointFrom(tx, row);
}

async function mustFind(tx: Tx, name: string): Promise<Endpoint> {
  const endpoint = await find(tx, name);
  if (endpoint) return endpoint;
  throw new NovaError("not_found", `There is no endpoint called ${name}.`, {
    advice: "`nova hooks list` shows what there is.",
  });
}

async function endpointFrom(tx: Tx, row: EndpointRow): Promise<Endpoint> {
  const [person, project] = await Promise.all([
    followTo(tx, row),
    row.project_id === null ? null : findProject(tx, projectId(row.project_id)),
  ]);
  return endpointOf(row, person, project);
}

function endpointOf(row: EndpointRow, person: Person, project: Endpoint["project"]): Endpoint {
  return {
    name: row.name,
    scope: endpointScope(row.name, row.id),
    preset: row.preset,
    person,
    origin: row.origin,
    agent: row.agent === null ? null : agentId(row.agent),
    project,
    createdAt: row.created_at,
    lastPostAt: row.last_post_at,
  };
}

/** What is asked behind it is asked within the service's scope of the endpoint's tenant. */
async function enterTenantOf(tx: Tx, name: string): Promise<void> {
  await tx.query(
    `select set_config('nova.tenant', tenant_id, true), set_config('nova.person', '*', true),
       set_config('nova.project', '*', true), set_config('nova.branch', '*', true), set_config('nova.shared', 'off', true)
     from endpoint where name = $1`,
    [name],
  );
}

async function findPoster(tx: Tx, name: string): Promise<Person | undefined> {
  const { rows } = await tx.query<PersonRow>(
    `select person.id, person.tenant_id, person.name, person.role
     from endpoint join person on person.id = endpoint.person_id and person.tenant_id = endpoint.tenant_id
     where endpoint.name = $1`,
    [name],
  );
  return rows.map(personFrom)[0];
}

async function findPlace(tx: Tx, name: string): Promise<Endpoint["project"]> {
  const { rows } = await tx.query<{ id: string; name: string }>(
    `select project.id, project.name
     from endpoint join project on project.id = endpoint.project_id and project.tenant_id = endpoint.tenant_id
     where endpoint.name = $1`,
    [name],
  );
  return rows.map((row) => ({ id: projectId(row.id), name: row.name }))[0] ?? null;
}

/** Within the scope of its tenant. */
async function findProject(tx: Tx, id: ProjectId): Promise<Endpoint["project"]> {
  const { rows } = await tx.query<{ name: string }>("select name from project where id = $1", [id]);
  return rows.map(({ name }) => ({ id, name }))[0] ?? null;
}
