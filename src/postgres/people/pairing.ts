/** Strangers' requests to be let in: the port Pairings of the core. */
import {
  NovaError,
  type PairingAs,
  type Approved,
  type Clock,
  type ExternalId,
  type Pairing,
  type Pairings,
  type Person,
  type PersonId,
} from "#core";
import { keyOf, linkFree } from "./account-rows.ts";
import type { Database, Tx } from "../engine/database.ts";
import { findIdentity, findNamed, followTo, insertPerson, mustBeWelcome, searchPerson } from "./person-rows.ts";
import { pairingCodeFrom, typed } from "./secrets.ts";
import { storable } from "../engine/storable.ts";

export type PairingDeps = {
  readonly clock: Clock;
  /** That many unpredictable bytes. */
  readonly random: (size: number) => Uint8Array;
};

const WEEK_MS = 7 * 24 * 60 * 60_000;
const MOST_WAITING = 100;
const MOST_NAME = 60;

export function createPairings(database: Database, { clock, random }: PairingDeps): Pairings {
  const since = () => new Date(clock.now().getTime() - WEEK_MS);
  return {
    ask: (account, name) =>
      database.system(async (tx) => {
        if (!(await mayHint(tx, account, clock.now()))) return undefined;
        await lockRequests(tx);
        await dropOlder(tx, since());
        const noted = await noteRequest(tx, account, {
          code: await freeCode(tx, random),
          name: name === null ? null : oneLine(name),
          at: clock.now(),
        });
        await dropBeyond(tx, MOST_WAITING);
        return noted;
      }),

    waiting: () => database.system((tx) => listWaiting(tx, since())),

    approve: (code, who, by) =>
      database.system(async (tx): Promise<Approved> => {
        const owner = await mustBeOwner(tx, by);
        if (!(await isWaiting(tx, typed(code), since())))
          return (await approvedBefore(tx, typed(code), who, since())) ?? { kind: "none" };
        const known = await findNamed(tx, who.name);
        if (known?.role === "owner") return { kind: "owners" };
        if (known) await mustBeWelcome(tx, known);
        if (known && who.kind === "new") return { kind: "taken", person: known };
        if (!known && who.kind === "known") return { kind: "nobody" };
        const decision = { code: typed(code), state: "approved", by: owner, at: clock.now() } as const;
        const request = await decide(tx, decision, since());
        if (!request) return { kind: "none" };
        const role = who.kind === "new" ? who.role : "guest";
        const person = known ?? (await insertPerson(tx, owner.tenant, who.name, role));
        await linkNew(tx, request.account, { person, at: clock.now() });
        return { kind: "approved", account: request.account, person, added: !known };
      }),

    reject: (code, by) =>
      database.system(async (tx) => {
        const owner = await mustBeOwner(tx, by);
        return decide(tx, { code: typed(code), state: "rejected", by: owner, at: clock.now() }, since());
      }),
  };
}

/** One line that cannot be taken for several, nor end in half a letter. */
const oneLine = (name: string): string | null =>
  Array.from(
    storable(name)
      .replaceAll(/[\p{C}\p{Z}]+/gu, " ")
      .trim(),
  )
    .slice(0, MOST_NAME)
    .join("")
    .trim() || null;

/** True at most once an hour for one account. */
async function mayHint(tx: Tx, account: ExternalId, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into pairing_hint (platform, scope, external_id, hinted_at) values ($1, $2, $3, $4)
     on conflict (platform, scope, external_id) do update set hinted_at = excluded.hinted_at
       where pairing_hint.hinted_at <= excluded.hinted_at - interval '1 hour'`,
    [account.platform, account.scope, account.id, now],
  );
  return rowCount === 1;
}

/** Requests are few: those that come at once take turns, so that the most that may wait is never passed. */
async function lockRequests(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('nova.pairing'))");
}

/** Some billion codes and a hundred requests: another one is hardly ever needed. */
async function freeCode(tx: Tx, random: PairingDeps["random"]): Promise<string> {
  for (;;) {
    const code = pairingCodeFrom(random);
    const { rowCount } = await tx.query("select from pairing where code = $1", [code]);
    if (rowCount === 0) return code;
  }
}

type Asking = { readonly code: string; readonly name: string | null; readonly at: Date };

/** Who asks again keeps the code. Undefined when the request was turned away. */
async function noteRequest(tx: Tx, account: ExternalId, { code, name, at }: Asking): Promise<string | undefined> {
  const { rows } = await tx.query<{ code: string }>(
    `insert into pairing (platform, scope, external_id, code, sender_name, asked_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (platform, scope, external_id) do update
       set asked_at = excluded.asked_at, sender_name = excluded.sender_name, state = 'pending',
         decided_by = null, decided_at = null,
         code = case pairing.state when 'pending' then pairing.code else excluded.code end
       where pairing.state <> 'rejected'
     returning code`,
    [...keyOf(account), code, name, at],
  );
  return rows[0]?.code;
}

async function dropOlder(tx: Tx, since: Date): Promise<void> {
  await tx.query("delete from pairing where asked_at <= $1", [since]);
}

async function dropBeyond(tx: Tx, most: number): Promise<void> {
  await tx.query(
    `delete from pairing where (platform, scope, external_id) in
       (select platform, scope, external_id from pairing where state = 'pending'
        order by asked_at desc, code offset $1)`,
    [most],
  );
}

type RequestRow = {
  readonly platform: string;
  readonly scope: string;
  readonly id: string;
  readonly sender_name: string | null;
  readonly code: string;
  readonly asked_at: Date;
};

const REQUEST = "platform, scope, external_id as id, sender_name, code, asked_at";

const requestFrom = ({ platform, scope, id, sender_name, code, asked_at }: RequestRow): Pairing => ({
  account: { platform, scope, id },
  name: sender_name,
  code,
  askedAt: asked_at,
});

async function listWaiting(tx: Tx, since: Date): Promise<readonly Pairing[]> {
  const { rows } = await tx.query<RequestRow>(
    `select ${REQUEST} from pairing where state = 'pending' and asked_at > $1 order by asked_at desc, code`,
    [since],
  );
  return rows.map(requestFrom);
}

/** Locked, so that nobody else decides until this transaction has. */
async function isWaiting(tx: Tx, code: string, since: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    "select from pairing where code = $1 and state = 'pending' and asked_at > $2 for update",
    [code, since],
  );
  return rowCount === 1;
}

type Decision = {
  readonly code: string;
  readonly state: "approved" | "rejected";
  readonly by: Person;
  readonly at: Date;
};

/** Of many decisions at the same moment one holds. */
async function decide(tx: Tx, { code, state, by, at }: Decision, since: Date): Promise<Pairing | undefined> {
  const { rows } = await tx.query<RequestRow>(
    `update pairing set state = $2, decided_by = $3, decided_at = $4, tenant_id = $5
     where code = $1 and state = 'pending' and asked_at > $6
     returning ${REQUEST}`,
    [code, state, by.id, at, by.tenant, since],
  );
  return rows.map(requestFrom)[0];
}

/** The same decision again, for instance of a turn that was interrupted behind it: the answer is the same, too. */
async function approvedBefore(tx: Tx, code: string, who: PairingAs, since: Date): Promise<Approved | undefined> {
  const { rows } = await tx.query<RequestRow>(
    `select ${REQUEST} from pairing where code = $1 and state = 'approved' and asked_at > $2`,
    [code, since],
  );
  const [request] = rows.map(requestFrom);
  const identity = request && (await findIdentity(tx, request.account));
  if (!request || identity?.state !== "linked") return undefined;
  const person = await followTo(tx, identity);
  const same = (await findNamed(tx, who.name))?.id === person.id;
  return same ? { kind: "approved", account: request.account, person, added: who.kind === "new" } : undefined;
}

/** By the role that is stored now, not by one that was read before. The transaction stays in the owner's tenant. */
async function mustBeOwner(tx: Tx, by: PersonId): Promise<Person> {
  const person = await searchPerson(tx, by);
  if (person.role === "owner") return person;
  throw new NovaError("forbidden", "Only the owner of this Nova lets people in.");
}

/** An account that is somebody's by now, or blocked, is not what was decided on: all of it is taken back. */
async function linkNew(
  tx: Tx,
  account: ExternalId,
  linking: { readonly person: Person; readonly at: Date },
): Promise<void> {
  if (!(await findIdentity(tx, account)) && (await linkFree(tx, account, linking))) return;
  throw new NovaError("bad_input", "That account was linked or blocked in the meantime; nothing was changed.");
}
