/** Where a person can be told something unasked, and as which account. Used by announcements.ts. */
import { addressKey, type Address, type Person, type Reach } from "#core";
import type { Tx } from "../engine/database.ts";

export type Addressee = {
  readonly address: Address;
  /** Whose ears it is for; when that account is taken away, nothing goes out any more. Null where others read along. */
  readonly account: { readonly scope: string; readonly id: string } | null;
};

/** `wanted`: where it is to be said, if it may be said there. Undefined when there is nowhere. */
export async function findAddressee(
  tx: Tx,
  person: Person,
  wanted: Address | null,
  reaches: readonly Reach[],
): Promise<Addressee | undefined> {
  if (await isBlocked(tx, person)) return undefined;
  if (wanted?.visibility === "shared") return { address: wanted, account: null };
  return (
    (wanted && (await at(tx, person, wanted))) ?? (await heardLast(tx, person, reaches)) ?? home(tx, person, reaches)
  );
}

async function isBlocked(tx: Tx, person: Person): Promise<boolean> {
  const { rowCount } = await tx.query("select from person_block where person_id = $1", [person.id]);
  return rowCount !== 0;
}

type AccountRow = { readonly scope: string; readonly id: string };

/** The account that was heard there last, or where none is known one of theirs that belongs there; if it is theirs still. */
async function at(tx: Tx, person: Person, address: Address): Promise<Addressee | undefined> {
  const { rows } = await tx.query<AccountRow>(
    `with heard as (
       select came.sender_scope as scope, came.sender_id as id
       from conversation
       join message said on said.conversation_id = conversation.id and said.direction = 'in'
       join inbound came on came.message_id = said.id
       where conversation.tenant_id = $1 and conversation.address_key = $2 and conversation.person_id = $3
         and came.sender_id is not null
       order by said.id desc limit 1)
     select identity.scope, identity.external_id as id from identity
     where identity.platform = $4 and identity.person_id = $3 and identity.state = 'linked'
       and case when exists (select from heard) then exists (
           select from heard where heard.scope = identity.scope and heard.id = identity.external_id)
         else identity.scope in ($5, 'global') end
     order by identity.linked_at desc limit 1`,
    [person.tenant, addressKey(address), person.id, address.platform, address.scope],
  );
  return rows.map((account) => ({ address, account }))[0];
}

type HeardRow = Pick<Address, "platform" | "scope" | "container" | "root"> & {
  readonly account_scope: string;
  readonly account_id: string;
};

/**
 * Where it rings before where it is only seen, what runs before what does not, then the latest. A root with an @ is the
 * place of somebody's commands: only what is asked there is answered there.
 */
async function heardLast(tx: Tx, person: Person, reaches: readonly Reach[]): Promise<Addressee | undefined> {
  const known = inOrder(reaches);
  const { rows } = await tx.query<HeardRow>(
    `select conversation.platform, conversation.scope, conversation.container, conversation.root,
       account.scope as account_scope, account.external_id as account_id
     from conversation
     join unnest($2::text[], $3::integer[]) as reach (platform, rank) on reach.platform = conversation.platform
     cross join lateral (
       select said.id, came.sender_scope, came.sender_id
       from message said left join inbound came on came.message_id = said.id
       where said.conversation_id = conversation.id and said.direction = 'in' and said.origin is null
       order by said.id desc limit 1) last
     cross join lateral (
       select identity.scope, identity.external_id from identity
       where identity.platform = conversation.platform and identity.person_id = $1 and identity.state = 'linked'
         and case when last.sender_id is null then identity.scope in (conversation.scope, 'global')
           else identity.scope = last.sender_scope and identity.external_id = last.sender_id end
       order by identity.linked_at desc limit 1) account
     where conversation.person_id = $1 and conversation.visibility = 'private'
       and (conversation.root is null or conversation.root not like '@%')
     order by reach.rank, last.id desc limit 1`,
    [person.id, known.map(({ platform }) => platform), known.map(rankOf)],
  );
  return rows.map(({ platform, scope, container, root, ...row }) => ({
    address: { platform, scope, container, root, visibility: "private" as const },
    account: { scope: row.account_scope, id: row.account_id },
  }))[0];
}

/** A page of theirs that they have opened, though they never said anything. */
async function home(tx: Tx, person: Person, reaches: readonly Reach[]): Promise<Addressee | undefined> {
  for (const { platform, home: homeOf, running } of inOrder(reaches)) {
    const address = running ? homeOf?.(person.id) : undefined;
    if (!address) continue;
    const { rows } = await tx.query<AccountRow>(
      `select scope, external_id as id from identity
       where platform = $1 and scope = $2 and person_id = $3 and state = 'linked'
       order by linked_at desc limit 1`,
      [platform, address.scope, person.id],
    );
    const [account] = rows;
    if (account) return { address, account };
  }
  return undefined;
}

const inOrder = (reaches: readonly Reach[]): readonly Reach[] => reaches.toSorted((a, b) => rankOf(a) - rankOf(b));

/** What nobody sends just now waits; a page that nobody serves is nowhere to look, but better than nothing. */
const rankOf = ({ how, running }: Reach): number => (running ? 0 : 2) + (how === "rings" ? 0 : 1);
