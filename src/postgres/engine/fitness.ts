/** Whether a server is fit for Nova, or why not and what to do. Asked by server.ts before anything else is. */
import type pg from "pg";
import { NovaError } from "#core";
import type { Place } from "./refusal.ts";
import { ROLES } from "./roles.ts";

const OLDEST_POSTGRES = 15;
const OLDEST_PGVECTOR = [0, 8] as const;

type Found = {
  readonly version: number;
  readonly version_name: string;
  readonly encoding: string;
  readonly standby: boolean;
  readonly read_only: boolean;
  /** The pgvector that the server could install, and the one that this database has. */
  readonly offered: string | null;
  readonly installed: string | null;
};

export async function checkFitness(client: pg.Client, place: Place): Promise<void> {
  const found = await look(client);
  const unfit = unfitness(found, place);
  if (unfit) throw new NovaError("database", unfit[0], { advice: unfit[1] });
  if (await isNew(client)) await checkRights(client, found, place);
}

async function look(client: pg.Client): Promise<Found> {
  const { rows } = await client.query<Found>(
    `select current_setting('server_version_num')::integer / 10000 as version,
       current_setting('server_version') as version_name,
       current_setting('server_encoding') as encoding,
       pg_is_in_recovery() as standby,
       current_setting('transaction_read_only')::boolean as read_only,
       (select default_version from pg_available_extensions where name = 'vector') as offered,
       (select extversion from pg_extension where extname = 'vector') as installed`,
  );
  const [row] = rows;
  if (!row) throw new Error("the server said nothing about itself");
  return row;
}

/** The first thing that is wrong, and what to do about it. */
export function unfitness(found: Found, { name, database, user }: Place): readonly [string, string] | undefined {
  const { version, version_name, encoding, standby, read_only, offered, installed } = found;
  if (version < OLDEST_POSTGRES) {
    return [
      `The server of ${name} runs PostgreSQL ${version_name}; Nova needs ${OLDEST_POSTGRES} or newer.`,
      "Upgrade it, or use the image pgvector/pgvector:pg17, which holds PostgreSQL 17 and pgvector.",
    ];
  }
  if (encoding !== "UTF8") {
    return [
      `The database at ${name} is encoded as ${encoding}; Nova needs UTF8.`,
      `Make another one: \`create database nova owner ${user} encoding 'UTF8' template template0\`, and name it in DATABASE_URL.`,
    ];
  }
  if (standby || read_only) {
    return [
      `The database at ${name} ${standby ? "is a read-only standby" : "takes no changes (default_transaction_read_only)"}.`,
      standby ? "Name the primary server in DATABASE_URL." : "Switch that setting off for this user and database.",
    ];
  }
  if (installed !== null && !isRecent(installed)) {
    return [
      `The database at ${name} has pgvector ${installed}; Nova needs 0.8 or newer.`,
      offered !== null && isRecent(offered)
        ? `The server has ${offered} ready: as an administrator run \`alter extension vector update\` in the database ${database}.`
        : `${install(version)} Then run \`alter extension vector update\` in the database ${database}.`,
    ];
  }
  if (installed === null && offered === null) {
    return [`The server of ${name} has no pgvector; Nova needs 0.8 or newer.`, install(version)];
  }
  if (installed === null && offered !== null && !isRecent(offered)) {
    return [`The server of ${name} offers pgvector ${offered}; Nova needs 0.8 or newer.`, install(version)];
  }
  return undefined;
}

const install = (version: number): string =>
  `Install it on the server's machine: the package postgresql-${version}-pgvector (of Debian, or where it has none of apt.postgresql.org), or the image pgvector/pgvector:pg${version}.`;

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_PGVECTOR;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** No migration has been here: whoever brings them needs rights that later starts do not. */
async function isNew(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ fresh: boolean }>("select to_regclass('public.migration') is null as fresh");
  return rows[0]?.fresh ?? true;
}

type Rights = {
  readonly trusted: boolean;
  readonly in_database: boolean;
  readonly in_public: boolean;
  readonly may_make_roles: boolean;
};

async function checkRights(client: pg.Client, found: Found, { name, user, database }: Place): Promise<void> {
  const rights = await rightsOf(client);
  const missing = await missingRoles(client);
  const who = client.escapeIdentifier(user);
  const steps = [
    ...(found.installed === null && !rights.trusted ? ["create extension vector"] : []),
    ...(rights.in_database ? [] : [`grant create on database ${client.escapeIdentifier(database)} to ${who}`]),
    ...(rights.in_public ? [] : [`grant create on schema public to ${who}`]),
    ...(rights.may_make_roles ? [] : missing.map((step) => step.replace("<user>", who))),
  ];
  if (steps.length === 0) return;
  throw new NovaError("database", `The user ${user} lacks rights that the first start needs at ${name}.`, {
    advice: `As an administrator run in the database ${database}: ${steps.map((step) => `\`${step};\``).join(" ")} Then start again.`,
  });
}

async function rightsOf(client: pg.Client): Promise<Rights> {
  const { rows } = await client.query<Rights>(
    `select rolsuper or exists (select from pg_available_extension_versions
              where name = 'vector' and trusted and has_database_privilege(current_database(), 'create')) as trusted,
       has_database_privilege(current_database(), 'create') as in_database,
       has_schema_privilege('public', 'create') as in_public,
       rolsuper or rolcreaterole as may_make_roles
     from pg_roles where rolname = current_user`,
  );
  return rows[0] ?? { trusted: false, in_database: false, in_public: false, may_make_roles: false };
}

async function missingRoles(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; known: boolean; mine: boolean }>(
    `select name, role.oid is not null as known,
       coalesce(pg_has_role(current_user, role.oid, 'member'), false) as mine
     from unnest($1::text[]) as name left join pg_roles role on role.rolname = name`,
    [ROLES],
  );
  return rows.flatMap(({ name, known, mine }) => [
    ...(known ? [] : [`create role ${name} nologin nobypassrls`]),
    ...(mine ? [] : [`grant ${name} to <user>`]),
  ]);
}
