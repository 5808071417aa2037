/** What the operator lets agents do, verb by verb: the port StoredTrust of the core. Rows are only ever added. */
import {
  agentId,
  projectId,
  serviceOf,
  type Clock,
  type Role,
  type StoredTrust,
  type TenantId,
  type Trust,
  type TrustSetting,
} from "#core";
import type { Database, Tx } from "../engine/database.ts";
import { storable } from "../engine/storable.ts";
import { personFrom } from "../people/person-rows.ts";
import { findTried } from "./tried-rows.ts";

export function createStoredTrust(database: Database, { clock }: { readonly clock: Clock }): StoredTrust {
  return {
    of: (agent, verb, tenant) =>
      database.within(serviceOf(tenant), (tx) => inForce(tx, "agent_trust.agent = $1 and verb = $2", [agent, verb])),

    all: (tenant) => database.within(serviceOf(tenant), (tx) => inForce(tx, "true", [])),

    history: (tenant, limit) =>
      database.within(serviceOf(tenant), async (tx) => {
        const { rows } = await tx.query<Row>(
          `select ${COLUMNS} from agent_trust join person on person.id = set_by order by agent_trust.id desc limit $1`,
          [limit],
        );
        return rows.map(settingFrom);
      }),

    set: ({ agent, verb, project, trust, why }, by) =>
      database.within(serviceOf(by.tenant), async (tx) => {
        const at = clock.now();
        const setting = { agent, verb, project, trust, why: why === null ? null : storable(why), by, at };
        await insert(tx, setting, by.tenant);
        return setting;
      }),

    tried: (tenant) => database.within(serviceOf(tenant), (tx) => findTried(tx)),
  };
}

type Row = {
  readonly agent: string;
  readonly verb: string;
  readonly project_id: string | null;
  readonly trust: Trust | null;
  readonly why: string | null;
  readonly set_by: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly role: Role;
  readonly set_at: Date;
};

const COLUMNS = `agent_trust.agent, verb, project_id, trust, why, set_by, agent_trust.tenant_id, person.name, person.role,
  set_at`;

const settingFrom = (row: Row): TrustSetting => ({
  agent: agentId(row.agent),
  verb: row.verb,
  project: row.project_id === null ? null : projectId(row.project_id),
  trust: row.trust,
  why: row.why,
  by: personFrom({ id: row.set_by, tenant_id: row.tenant_id, name: row.name, role: row.role }),
  at: row.set_at,
});

/** The newest of each agent, verb and project, but those that took back what stood. */
async function inForce(tx: Tx, where: string, values: unknown[]): Promise<readonly TrustSetting[]> {
  const { rows } = await tx.query<Row>(
    `select distinct on (agent_trust.agent, verb, project_id) ${COLUMNS}
     from agent_trust join person on person.id = set_by
     where ${where}
     order by agent_trust.agent, verb, project_id, agent_trust.id desc`,
    values,
  );
  return rows.map(settingFrom).filter(({ trust }) => trust !== null);
}

async function insert(
  tx: Tx,
  { agent, verb, project, trust, why, by, at }: TrustSetting,
  tenant: TenantId,
): Promise<void> {
  await tx.query(
    `insert into agent_trust (tenant_id, agent, verb, project_id, trust, why, set_by, set_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tenant, agent, verb, project, trust, why, by.id, at],
  );
}
