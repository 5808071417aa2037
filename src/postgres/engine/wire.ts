/**
 * News between the processes of one Nova, by LISTEN and NOTIFY: the port Wire of the core. Opened by the roof.
 *
 * Every connection to the database can listen, whatever its role: who reads the news is who can read the database. So
 * ids, statuses and reasons travel, and of the words only drafts, which are rows of the same database a moment later.
 */
import type { Log, News, TurnId, Wire } from "#core";
import type { Database } from "./database.ts";
import { openLine, type Line } from "./line.ts";
import { newsFrom, newsText } from "./news-text.ts";

const CHANNEL = "nova_news";

/** Whoever listens shares this lock, `news`, so that each can see whether there is anyone to tell. */
const LISTENING: readonly [number, number] = [0x6e657773, 0];
const OTHERS = `
  select count(*) > 1 as others from pg_locks
  where locktype = 'advisory' and granted and objsubid = 2 and classid::bigint = $1::bigint and objid::bigint = $2::bigint
    and database = (select oid from pg_database where datname = current_database())`;
const LOOK_MS = 2_000;
/** Said by whoever begins to listen. No news. */
const HELLO = "hello";

/** From one draft of a turn to the next: models speak faster than people read, and every process hears every draft. */
const DRAFT_MS = 250;

/** Commits that notify wait for each other on the whole server, so what is told within this time is told in one. */
const GATHER_MS = 10;

export function createWire(database: Pick<Database, "engine" | "connection">, log: Log): Wire {
  let line: Line | undefined;
  let gathered: string[] = [];
  let looking: NodeJS.Timeout | undefined;
  /** Until it is known that there is nobody else. */
  let others = true;
  let hellos = 0;
  const look = async (): Promise<void> => {
    const before = hellos;
    const rows = await line?.ask<{ others: boolean }>(OTHERS, [...LISTENING]);
    // Who said hello meanwhile may not have been counted.
    others = before !== hellos || (rows?.[0]?.others ?? true);
  };
  const flush = (): void => {
    if (gathered.length > 0)
      line?.say("select pg_notify($1, text) from unnest($2::text[]) as text", [CHANNEL, gathered]);
    gathered = [];
  };
  const notify = (text: string): void => {
    gathered.push(text);
    if (gathered.length === 1) setTimeout(flush, GATHER_MS);
  };
  const drafts = createDrafts(notify);
  return {
    open(hear) {
      // The embedded engine has one process, and nobody to tell.
      if (database.engine === "embedded") return;
      line ??= openLine({
        connection: database.connection,
        name: "nova news",
        greeting() {
          others = true;
          hellos += 1;
          return [
            { sql: `listen ${CHANNEL}`, values: [] },
            { sql: "select pg_advisory_lock_shared($1::int, $2::int)", values: [...LISTENING] },
            { sql: "select pg_notify($1, $2)", values: [CHANNEL, HELLO] },
          ];
        },
        onText(text) {
          if (text === HELLO) {
            others = true;
            hellos += 1;
            return;
          }
          const news = newsFrom(text);
          if (news) hear(news);
          else log.warn("news.not_understood", { length: text.length });
        },
        log,
      });
      looking ??= setInterval(() => void look(), LOOK_MS);
    },
    tell(news) {
      // Each NOTIFY is a commit that others wait for.
      if (!line || !others) return;
      if (news.kind === "progress" && news.progress.kind === "draft") return drafts.hold(news.progress.turn, news);
      if (news.kind === "progress" && news.progress.kind === "ended") drafts.drop(news.progress.turn);
      notify(newsText(news));
    },
    async close() {
      clearInterval(looking);
      drafts.clear();
      flush();
      await line?.close();
    },
  };
}

type Draft = { news: News | undefined; said: string; readonly due: NodeJS.Timeout };

/** The newest draft of each turn, at its pace. */
function createDrafts(say: (text: string) => void) {
  const held = new Map<TurnId, Draft>();
  const drop = (turn: TurnId): void => {
    clearInterval(held.get(turn)?.due);
    held.delete(turn);
  };
  const show = (turn: TurnId): void => {
    const draft = held.get(turn);
    // Nothing for a whole pause: the next one goes out at once.
    if (!draft?.news) return drop(turn);
    const text = newsText(draft.news);
    draft.news = undefined;
    // A long draft is cut to the same beginning again and again.
    if (text !== draft.said) say(text);
    draft.said = text;
  };
  return {
    hold(turn: TurnId, news: News): void {
      const known = held.get(turn);
      if (known) return void (known.news = news);
      held.set(turn, { news, said: "", due: setInterval(() => show(turn), DRAFT_MS).unref() });
      show(turn);
    },
    drop,
    clear(): void {
      for (const turn of held.keys()) drop(turn);
    },
  };
}
