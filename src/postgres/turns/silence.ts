/** Whether a turn is to end without a word, as a condition for its statements. Used by turns.ts, settlement.ts and outbox.ts. */
import { HOOKS_PLATFORM } from "#core";

/**
 * True when one of the turn's messages came from an account that is not its person's any more: blocked, unlinked or moved
 * since, or the person is blocked. What came in by an endpoint that was closed is answered all the same. `turn` is a column
 * or a parameter; a message that was stored before accounts were noted counts as said by its person.
 */
export const silenced = (turn: string): string =>
  `exists (select from message said join inbound came on came.message_id = said.id
     where said.turn_id = ${turn} and said.direction = 'in'
       and came.sender_id is not null and came.platform <> '${HOOKS_PLATFORM}'
       and not exists (select from identity
         where identity.platform = came.platform and identity.scope = came.sender_scope
           and identity.external_id = came.sender_id
           and identity.person_id = said.author_id and identity.state = 'linked'
           and not exists (select from person_block where person_block.person_id = identity.person_id)))`;

/**
 * True when the turn was nobody's asking, and its person is blocked since, or has not the account any more that it is for.
 */
export const toldNobody = (turn: string): string =>
  `exists (select from turn told where told.id = ${turn} and told.said_key is not null
     and (exists (select from person_block where person_block.person_id = told.person_id)
       or (told.said_id is not null and not exists (select from identity
         where identity.platform = told.address ->> 'platform' and identity.scope = told.said_scope
           and identity.external_id = told.said_id
           and identity.person_id = told.person_id and identity.state = 'linked'))))`;
