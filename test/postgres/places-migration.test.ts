/** Rows from before there were places: each gets that of what it belongs to, and nothing is lost. */
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { migrate } from "../../src/postgres/engine/migrate.ts";
import { freshDatabase } from "../support/database.ts";

const MIGRATIONS = join(import.meta.dirname, "../../migrations");

test("rows of a conversation get its project and branch, and memory stays of none", async () => {
  const early = await mkdtemp(join(tmpdir(), "nova-early-"));
  const fresh = await freshDatabase({ empty: true });
  const database = await fresh.open(early);
  try {
    const folder = join(early, "migrations");
    for (const name of (await readdir(MIGRATIONS)).filter((each) => each < "0004"))
      await cp(join(MIGRATIONS, name), join(folder, name));
    await migrate(database, folder);
    await database.pool.query(`
      insert into person (name, role) values ('Ada', 'owner');
      insert into project (name) values ('Atlas');
      insert into branch (name) values ('North');
      insert into conversation (person_id, project_id, branch_id, address_key, platform, scope, container, visibility)
        values (1, 1, 1, 'a', 'web', 's', 'a', 'private'), (1, null, null, 'b', 'web', 's', 'b', 'private');
      insert into turn (conversation_id, person_id, address, state, started_at, ended_at)
        select id, 1, '{}', 'done', now(), now() from conversation order by id;
      insert into message (conversation_id, person_id, direction, author_id, message_key, text, at, stored_at, turn_id)
        select conversation_id, 1, 'in', 1, 'k', 'words', now(), now(), id from turn order by id;
      insert into message (conversation_id, person_id, direction, text, at, stored_at, turn_id, note_kind)
        select conversation_id, 1, 'out', 'reply', now(), now(), id, 'answer' from turn order by id;
      insert into inbound (person_id, platform, scope, delivery_key, message_id, stored_at)
        select 1, 'web', 's', id::text, id, now() from message where direction = 'in';
      insert into step (person_id, turn_id, ordinal, agent, reply, model_calls, tool_calls, tokens, tools, started_at, ended_at)
        select 1, id, 0, 'librarian', 'answer', 0, 0, 0, '{}', now(), now() from turn;
      insert into outbox_part (person_id, conversation_id, turn_id, message_id, ordinal, body, stored_at)
        select 1, conversation_id, turn_id, id, 0, text, now() from message where direction = 'out';
      insert into trace_event (person_id, turn_id, seq, epoch, at, event) select 1, id, 1, 1, now(), '{}' from turn;
      insert into recall_log (person_id, turn_id, verdict, confidence, returned) select 1, id, 'none', 0, '{}' from turn;
      insert into memory_source (person_id, kind, stream, author, trust, body, content_hash, message_id, happened_at)
        values (1, 'note', 's', 'Ada', 'owner', 'kept', '\\x01', 1, now());
      insert into memory_corpus (person_id, lex_version, documents, total_length) values (1, 1, 1, 5)`);

    expect(await migrate(database, MIGRATIONS)).toContain("0004_places.sql");

    const places = async (table: string) =>
      (
        await database.pool.query(
          `select project_id, branch_id, count(*)::int as n from ${table} group by 1, 2 order by 1`,
        )
      ).rows;
    const there = { project_id: "1", branch_id: "1" };
    const none = { project_id: null, branch_id: null };
    for (const table of ["turn", "inbound", "step", "outbox_part", "trace_event", "recall_log"])
      expect({ table, rows: await places(table) }).toEqual({
        table,
        rows: [
          { ...there, n: 1 },
          { ...none, n: 1 },
        ],
      });
    expect(await places("message")).toEqual([
      { ...there, n: 2 },
      { ...none, n: 2 },
    ]);
    for (const table of ["memory_source", "memory_corpus"]) expect(await places(table)).toEqual([{ ...none, n: 1 }]);

    // A message that goes leaves what was kept of it.
    await database.pool.query("delete from message where id = 1");
    expect((await database.pool.query("select tenant_id, message_id from memory_source")).rows).toEqual([
      { tenant_id: "home", message_id: null },
    ]);
  } finally {
    await database.close();
    await fresh.drop();
    await rm(early, { recursive: true });
  }
}, 120_000);
