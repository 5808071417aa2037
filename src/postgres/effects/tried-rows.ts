/** What became of proposals that were decided, for the trust in whoever made them. Used by stored-trust.ts. */
import { agentId, type Tried } from "#core";
import type { Tx } from "../engine/database.ts";

type Row = {
  readonly agent: string;
  readonly verb: string;
  readonly effect: Tried["effect"];
  readonly stakes: Tried["stakes"];
  readonly created_at: Date;
  readonly accepted: boolean;
  readonly edited: boolean;
  readonly by_person: boolean;
  readonly decided_at: Date;
  readonly incident: Tried["incident"];
};

/** Of each agent and verb no more than this is looked at. */
const MOST = 500;

/** Ends that tell of a change of mind or of the machine, and nothing of the agent. */
const NOBODYS_FAULT = ["not_allowed", "not_found", "blocked", "guest", "too_old", "restored", "removed"];

/** What nobody decided in time is nobody's word, and left out. Newest first. */
export async function findTried(tx: Tx): Promise<readonly Tried[]> {
  const { rows } = await tx.query<Row>(
    `with decided as (
       select proposal.id, proposal.agent, proposal.effect ->> 'verb' as verb, proposal.effect, proposal.stakes,
         proposal.created_at, proposal.state = 'approved' as accepted, proposal.version > 1 as edited,
         proposal.decided_by is not null as by_person, proposal.decided_at,
         case
           when effect.state = 'done' and schedule.removed_at <= effect.at + interval '1 hour' then 'undone'
           when effect.state in ('unknown', 'failed') and coalesce(effect.code, '') <> all($1) then effect.state
         end as incident,
         row_number() over (partition by proposal.agent, proposal.effect ->> 'verb' order by proposal.id desc) as nth
       from proposal
         left join effect on effect.proposal_id = proposal.id
         left join schedule on schedule.made_key = effect.key and schedule.tenant_id = effect.tenant_id
           and schedule.person_id = effect.person_id
       where proposal.state in ('approved', 'denied'))
     select agent, verb, effect, stakes, created_at, accepted, edited, by_person, decided_at, incident
     from decided where nth <= $2 order by id desc`,
    [NOBODYS_FAULT, MOST],
  );
  return rows.map((row) => ({
    agent: agentId(row.agent),
    verb: row.verb,
    effect: row.effect,
    stakes: row.stakes,
    at: row.created_at,
    decided: row.by_person
      ? {
          accepted: row.accepted,
          edited: row.edited,
          afterMs: Math.max(0, row.decided_at.getTime() - row.created_at.getTime()),
        }
      : null,
    incident: row.incident,
  }));
}
