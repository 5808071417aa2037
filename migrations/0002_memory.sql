-- Memory: what is kept of a person, the index it is found by, and what of it was recalled.

-- In every table person_id says whose row it is; null is shared by the tenant.

-- What was said or written, as it came. The same words said again are another source of the same item.
create table memory_source (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  person_id bigint references person,
  project_id bigint,
  branch_id bigint,
  kind text not null,
  stream text not null,
  author text not null,
  trust text not null check (trust in ('owner', 'member', 'agent', 'tool', 'web')),
  body text not null,
  content_hash bytea not null,
  message_id bigint references message on delete set null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now()
);
create unique index memory_source_once on memory_source (content_hash, tenant_id, person_id, message_id)
  nulls not distinct;

-- What can be recalled. sv holds the BM25 weight of each term, so that `sv <#> rarities` is the score, negated.
create table memory_item (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  person_id bigint references person,
  project_id bigint,
  branch_id bigint,
  source_id bigint not null references memory_source on delete cascade,
  kind text not null check (kind in ('turn', 'note', 'update', 'decision', 'fact', 'preference', 'task')),
  stream text not null,
  text text not null,
  author text not null,
  trust text not null check (trust in ('owner', 'member', 'agent', 'tool', 'web')),
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  status text not null default 'active'
    check (status in ('active', 'proposed', 'superseded', 'retracted', 'expired')),
  shareable boolean not null default false,
  content_hash bytea not null,
  lex_version integer not null,
  sv sparsevec(1048576) not null,
  own integer not null,
  len real not null,
  is_question boolean not null,
  has_time boolean not null
);
-- A person's items are read whole and scored exactly: 2 ms for 1,000, 16 ms for 20,000. An index on the terms would not
-- be used behind row-level security, because `&&` on arrays is not leakproof. No two of these indexes begin alike: the
-- embedded engine keeps no statistics, and would take the wrong one of two that promise the same.
create unique index memory_item_once on memory_item (content_hash, tenant_id, person_id) nulls not distinct;
create index memory_item_of_person on memory_item (person_id);
create index memory_item_of_stream on memory_item (stream, person_id, id);
create index memory_item_of_source on memory_item (source_id);

-- How many items of a scope hold a term. A term whose last item is forgotten is gone from here too.
create table memory_term (
  tenant_id text not null default 'home' references tenant,
  person_id bigint references person,
  lex_version integer not null,
  dim integer not null,
  term text not null,
  df integer not null
);
create unique index memory_term_once on memory_term (tenant_id, lex_version, dim, term, person_id) nulls not distinct;

-- How many items a scope has and how long they are together; its row is the lock of the scope's writers.
create table memory_corpus (
  tenant_id text not null default 'home' references tenant,
  person_id bigint references person,
  lex_version integer not null,
  documents integer not null,
  total_length double precision not null
);
create unique index memory_corpus_once on memory_corpus (tenant_id, person_id, lex_version) nulls not distinct;

-- What was forgotten must not come back; only its hash and its number stay.
create table memory_tombstone (
  tenant_id text not null default 'home' references tenant,
  person_id bigint references person,
  content_hash bytea not null,
  item_id bigint not null,
  forgotten_at timestamptz not null default now()
);
create unique index memory_tombstone_once on memory_tombstone (content_hash, tenant_id, person_id) nulls not distinct;

-- What recalls returned and what answers cited of it. Ids only; the question is not kept.
create table recall_log (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null references person,
  turn_id bigint references turn on delete cascade,
  agent text,
  verdict text not null check (verdict in ('answer', 'weak', 'none')),
  confidence real not null,
  returned bigint[] not null,
  cited bigint[] not null default '{}',
  at timestamptz not null default now()
);
create index recall_log_of_turn on recall_log (turn_id);
create index recall_log_of_person on recall_log (tenant_id, person_id);

-- Walls. Unlike elsewhere, the service sees no row: Nova moving messages has no business in anybody's memory.
-- The sub-selects are evaluated once a statement, not once a row.
do $$
declare
  wall constant text := 'tenant_id = (select nova_tenant()) and (select nova_person()) is not null'
    || ' and (person_id is null or person_id = (select nova_person()))';
  name text;
begin
  foreach name in array array['memory_source', 'memory_item', 'memory_term', 'memory_corpus', 'memory_tombstone', 'recall_log'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy wall on %I using (%s) with check (%s)', name, wall, wall);
  end loop;
end $$;

-- Where others read along, only what is marked shareable may be seen, whoever asks.
create policy shareable on memory_item as restrictive for select using (shareable or not (select nova_shared()));
