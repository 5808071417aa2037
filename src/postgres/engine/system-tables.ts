/**
 * What stands outside the walls, or behind fewer of them, each with its reason. A test walks the catalogue against this:
 * a table that is neither walled by tenant, person, project and branch nor named here fails it.
 */

/** Tables outside the tenants' walls. */
export const SYSTEM_TABLES: Readonly<Record<string, string>> = {
  migration: "what the schema is at; read before anything else, and closed to the role that serves people",
  tenant: "the tenants themselves; walked once at start to find unfinished work",
  identity:
    "says which tenant and person an account belongs to, or that it is blocked; read before a scope can be known",
  person_block: "says from whom nothing is taken; read before a scope can be known, and holds ids only",
  pairing: "asked for by accounts that belong to nobody yet",
  link_code: "spent by an account or browser that belongs to nobody yet; holds hashes only",
  web_session: "says which person a browser belongs to; holds hashes only",
  pairing_hint: "counts hints to accounts that belong to nobody",
  endpoint: "says whose a post is; read before a scope can be known",
  endpoint_secret: "checks a post's signature before anything else is known of it",
  conversation_tenant: "says in which tenant to look for a conversation that a wake-up call names; holds ids only",
};

/** Tables behind the tenant's wall alone: they have no person, project or branch of their own. */
export const TENANT_TABLES: Readonly<Record<string, string>> = {
  person: "colleagues know each other's names",
  project: "a project's name is known to all who may work in it",
  branch: "a branch's name is known to the whole tenant",
  named_place: "where the tenant may have things said is known to all of its people",
  receiver: "where the tenant may have things posted is known to all of its people",
  receiver_secret: "signs what is posted to a receiver; only Nova itself reads it",
  agent_trust:
    "how far an agent may go holds for all of the tenant; only Nova itself reads and adds to it, for the operator",
  spending_day:
    "a day's cap holds for the whole tenant, so everybody's calls are measured against its sum; holds sums only",
};

/** Schemas of others' making. What lies there must name nobody and quote nothing. */
export const SYSTEM_SCHEMAS: Readonly<Record<string, string>> = {
  pgboss: "wake-up calls, sent before a tenant is known; holds ids of conversations only",
};
