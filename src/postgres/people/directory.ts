/** Who is known by which accounts, and who is blocked: the port Directory of the core. */
import {
  HOOKS_PLATFORM,
  NovaError,
  personId,
  serviceOf,
  type Account,
  type Clock,
  type Directory,
  type ExternalId,
  type Known,
  type Person,
  type PersonId,
  type TenantId,
  type TurnId,
  wholeOf,
} from "#core";
import { dropRequest, keyOf, linkAccount } from "./account-rows.ts";
import type { Database, Tx } from "../engine/database.ts";
import { followTo, personFrom, searchPerson, type PersonRow } from "./person-rows.ts";

export function createDirectory(database: Database, { clock }: { readonly clock: Clock }): Directory {
  return {
    known: (tenant) => database.within(serviceOf(tenant), (tx) => listKnown(tx, tenant)),

    wroteFrom: ({ id, person }) => database.within(wholeOf(person), (tx) => listSenders(tx, id)),

    shutOut: () => database.system(listShutOut),

    claim: (accounts, id) =>
      database.system(async (tx) => {
        const person = await searchPerson(tx, id);
        const blocked: ExternalId[] = [];
        const moved: { account: ExternalId; from: PersonId }[] = [];
        for (const account of accounts) {
          const before = await findAnybodys(tx, account);
          if (!(await linkAccount(tx, account, { person, at: clock.now() }))) blocked.push(account);
          else if (before && before.person_id !== person.id) moved.push({ account, from: personId(before.person_id) });
        }
        return { blocked, moved };
      }),

    unlink: (account) =>
      database.system(async (tx) => {
        const identity = await findAnybodys(tx, account);
        if (!identity) return undefined;
        refuseVouched(account);
        await takeAway(tx, account);
        // A session vouches for the account and would link it again.
        if (account.platform === PAGE)
          await tx.query("delete from web_session where person_id = $1", [identity.person_id]);
        return followTo(tx, identity);
      }),

    block: (whom) =>
      database.system((tx) =>
        typeof whom === "string" ? blockPerson(tx, whom, clock.now()) : blockAccount(tx, whom, clock.now()),
      ),

    unblock: (whom) =>
      database.system((tx) => (typeof whom === "string" ? unblockPerson(tx, whom) : unblockAccount(tx, whom))),

    changeRole: (id, role) =>
      database.system(async (tx) => {
        const person = await searchPerson(tx, id);
        if (person.role === "owner") throw new NovaError("forbidden", `${person.name} is the owner, and stays so.`);
        await tx.query("update person set role = $2 where id = $1", [person.id, role]);
        return { ...person, role };
      }),
  };
}

const PAGE = "web";

/** These are linked again whenever they are used: taking them away would be for nothing. */
function refuseVouched({ platform }: ExternalId): void {
  if (platform === "terminal")
    throw new NovaError("bad_input", "Whoever may run `nova` on its machine speaks there as anybody.", {
      advice: "There is nothing to take away.",
    });
  if (platform === HOOKS_PLATFORM)
    throw new NovaError("bad_input", "That account is behind an endpoint for posts.", {
      advice: "`nova hooks` lists endpoints, and `nova hooks remove` takes one away.",
    });
}

type AccountRow = {
  readonly platform: string;
  readonly scope: string;
  readonly id: string;
  readonly person_id: string;
  readonly state: Account["state"];
  readonly linked_at: Date;
};

async function listKnown(tx: Tx, tenant: TenantId): Promise<readonly Known[]> {
  const [people, accounts] = await Promise.all([
    tx.query<PersonRow & { blocked: boolean }>(
      `select id, tenant_id, name, role,
         exists (select from person_block where person_block.person_id = person.id) as blocked
       from person order by id`,
    ),
    tx.query<AccountRow>(
      `select platform, scope, external_id as id, person_id, state, linked_at from identity
       where tenant_id = $1 and person_id is not null order by linked_at, platform, scope, external_id`,
      [tenant],
    ),
  ]);
  return people.rows.map(({ blocked, ...row }) => ({
    person: personFrom(row),
    blocked,
    accounts: accounts.rows.filter(({ person_id }) => person_id === row.id).map(accountFrom),
  }));
}

const accountFrom = ({ platform, scope, id, state, linked_at }: AccountRow): Account => ({
  platform,
  scope,
  id,
  state,
  linkedAt: linked_at,
});

async function listSenders(tx: Tx, turn: TurnId): Promise<readonly ExternalId[]> {
  const { rows } = await tx.query<ExternalId>(
    `select distinct came.platform, came.sender_scope as scope, came.sender_id as id
     from message said join inbound came on came.message_id = said.id
     where said.turn_id = $1 and came.sender_id is not null`,
    [turn],
  );
  return rows;
}

async function listShutOut(tx: Tx): Promise<readonly ExternalId[]> {
  const { rows } = await tx.query<ExternalId>(
    `select platform, scope, external_id as id from identity
     where person_id is null order by linked_at, platform, scope, external_id`,
  );
  return rows;
}

/** One that has a person, blocked or not. */
async function findAnybodys(
  tx: Tx,
  account: ExternalId,
): Promise<{ tenant_id: string; person_id: string } | undefined> {
  const { rows } = await tx.query<{ tenant_id: string; person_id: string }>(
    `select tenant_id, person_id from identity
     where platform = $1 and scope = $2 and external_id = $3 and person_id is not null for update`,
    keyOf(account),
  );
  return rows[0];
}

async function takeAway(tx: Tx, account: ExternalId): Promise<void> {
  await tx.query(
    "delete from identity where platform = $1 and scope = $2 and external_id = $3 and state = 'linked'",
    keyOf(account),
  );
  await tx.query("update identity set person_id = null where platform = $1 and scope = $2 and external_id = $3", [
    ...keyOf(account),
  ]);
}

async function blockPerson(tx: Tx, id: PersonId, at: Date): Promise<void> {
  refuseOwner(await searchPerson(tx, id), "");
  await tx.query(
    `insert into person_block (person_id, tenant_id, blocked_at)
     select id, tenant_id, $2 from person where id = $1
     on conflict (person_id) do nothing`,
    [id, at],
  );
}

async function blockAccount(tx: Tx, account: ExternalId, at: Date): Promise<void> {
  const whose = await findAnybodys(tx, account);
  // In the scope of its person, where the database itself sees whether that is the owner.
  if (whose) refuseOwner(await followTo(tx, whose), "Unlink the account first.");
  await tx.query(
    `insert into identity (platform, scope, external_id, person_id, state, linked_at)
     values ($1, $2, $3, null, 'blocked', $4)
     on conflict (platform, scope, external_id) do update set state = 'blocked'`,
    [...keyOf(account), at],
  );
  await dropRequest(tx, account);
}

function refuseOwner(person: Person, advice: string): void {
  if (person.role === "owner") throw new NovaError("forbidden", "The owner cannot be blocked.", { advice });
}

async function unblockPerson(tx: Tx, id: PersonId): Promise<boolean> {
  const { rowCount } = await tx.query("delete from person_block where person_id = $1", [id]);
  return rowCount === 1;
}

/** One of nobody becomes a stranger's again. */
async function unblockAccount(tx: Tx, account: ExternalId): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with freed as (delete from identity
       where platform = $1 and scope = $2 and external_id = $3 and state = 'blocked' and person_id is null
       returning 1),
     linked as (update identity set state = 'linked'
       where platform = $1 and scope = $2 and external_id = $3 and state = 'blocked' and person_id is not null
       returning 1)
     select from freed union all select from linked`,
    keyOf(account),
  );
  return (rowCount ?? 0) > 0;
}
