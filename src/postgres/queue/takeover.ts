/**
 * Lets the calls of a process that died go on at once elsewhere. Used by queue.ts, on a server only.
 *
 * Every call under way has a lock, held on a connection of the process that serves it: the server frees it in the moment
 * that the process is gone. The others look for calls without one, and do not wait for their heartbeat to run out. A
 * process that merely stands still keeps its locks, and its heartbeat runs out. Should a living one lose its connection
 * for longer than others wait, its work is done again: by the turn's epoch only one of the two counts.
 */
import { CALL_KINDS, conversationId, type CallKind, type ConversationId, type Log } from "#core";
import type { Database } from "../engine/database.ts";
import { openLine, type Line } from "../engine/line.ts";

export type Call = { readonly kind: CallKind; readonly conversation: ConversationId };

export interface Takeover {
  /** `hear` is called with what others tell, and must not throw. */
  open(hear: (call: Call) => void): void;
  /** Tells the others that there is a call for them. Lost without harm: they look twice a second. */
  tell(call: Call): void;
  /** Returns the way to let go. */
  hold(call: Call): () => void;
  close(): Promise<void>;
}

const LOOK_MS = 1_000;
/** A call may stand without a lock for so long: it was fetched just now, or its process finds its connection again. */
const SPARED_MS = 2_000;

/** Less than others spare a call without a lock: what ends within it needs none. */
const LOCK_AFTER_MS = 50;

const CHANNEL = "nova_calls";
const TELL = "select pg_notify($1, text) from unnest($2::text[]) as text";
/** What is told within this time is told in one go. */
const GATHER_MS = 5;

/** The first half of the locks' keys, which nothing else in the database uses: `nova`. */
const LOCKS = 0x6e6f7661;
const KEY = "hashtext($2::text || ' ' || $3::text)";

export function createTakeover(database: Database, log: Log): Takeover {
  const held = new Set<Call>();
  const suspects = new Map<string, number>();
  let line: Line | undefined;
  let timer: NodeJS.Timeout | undefined;

  const lock = ({ kind, conversation }: Call) => ({
    sql: `select pg_advisory_lock_shared($1, ${KEY})`,
    values: [LOCKS, kind, conversation],
  });

  let gathered: string[] = [];
  const flush = async (): Promise<void> => {
    const values = [CHANNEL, gathered];
    if (gathered.length === 0) return;
    gathered = [];
    if (line) line.say(TELL, values);
    // Here nothing is served, calls are only sent.
    else await database.pool.query(TELL, values).catch(() => undefined);
  };

  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    await lookNow().finally(() => (looking = false));
  };

  const lookNow = async (): Promise<void> => {
    const orphans = await line?.ask<Orphan>(ORPHANS, [LOCKS, CALL_KINDS]);
    if (!orphans) return suspects.clear();
    const now = performance.now();
    const seen = new Map(orphans.map((orphan) => [`${orphan.id} ${orphan.tries}`, orphan]));
    for (const known of suspects.keys()) if (!seen.has(known)) suspects.delete(known);
    for (const [key, orphan] of seen) {
      const since = suspects.get(key) ?? now;
      suspects.set(key, since);
      if (now - since >= SPARED_MS) await release(orphan);
    }
  };

  const release = async ({ id, kind, conversation, tries }: Orphan): Promise<void> => {
    const released = await line?.ask(RELEASE, [kind, id, tries]);
    if (released?.length) log.warn("queue.taken_over", { kind, conversation });
  };

  return {
    open(hear) {
      if (database.engine === "embedded" || line) return;
      line = openLine({
        connection: database.connection,
        name: "nova calls",
        greeting: () => [{ sql: `listen ${CHANNEL}`, values: [] }, ...[...held].map(lock)],
        onText(text) {
          const [kind, conversation = ""] = text.split(" ");
          const known = CALL_KINDS.find((each) => each === kind);
          if (known) hear({ kind: known, conversation: conversationId(conversation) });
        },
        log,
      });
      timer = setInterval(() => void look(), LOOK_MS);
    },
    tell({ kind, conversation }) {
      if (database.engine === "embedded") return;
      gathered.push(`${kind} ${conversation}`);
      if (gathered.length === 1) setTimeout(() => void flush(), GATHER_MS);
    },
    hold(call) {
      const { sql, values } = lock(call);
      const due = setTimeout(() => {
        held.add(call);
        line?.say(sql, values);
      }, LOCK_AFTER_MS);
      return () => {
        clearTimeout(due);
        if (held.delete(call)) line?.say(`select pg_advisory_unlock_shared($1, ${KEY})`, values);
      };
    },
    async close() {
      clearInterval(timer);
      await flush();
      await line?.close();
    },
  };
}

type Orphan = Call & { readonly id: string; readonly tries: number };

/** pg-boss keeps an index of the calls of such queues that are under way; the locks' numbers are shown without a sign. */
const ORPHANS = `
  select id, name as kind, singleton_key as conversation, retry_count as tries
  from pgboss.job
  where name = any($2) and policy = 'key_strict_fifo' and state in ('active', 'retry', 'failed') and state = 'active'
    and not exists (
      select from pg_locks
      where locktype = 'advisory' and granted and objsubid = 2
        and database = (select oid from pg_database where datname = current_database())
        and classid::bigint = $1::bigint
        and objid::bigint = hashtext(name || ' ' || singleton_key)::bigint & 4294967295)`;

/** The death of a process is no failed try of the call; the turn counts its own. */
const RELEASE = `
  update pgboss.job
  set state = 'retry', retry_limit = retry_limit + 1, start_after = pgboss.job_now(), heartbeat_on = null
  where name = $1 and id = $2 and state = 'active' and retry_count = $3
  returning id`;
