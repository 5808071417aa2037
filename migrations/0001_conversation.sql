-- People, conversations, turns and what leaves them: everything between a message's arrival and its delivered answer.

create extension if not exists vector;

-- The role that every transaction of Nova takes on. It owns nothing and cannot step around row-level security.
-- Roles belong to the whole server, so another database may have made it already.
do $$
begin
  if not exists (select from pg_roles where rolname = 'nova_app') then
    create role nova_app nologin nobypassrls;
  end if;
exception when duplicate_object or unique_violation then
  null; -- made by another database in this very moment
end $$;

do $$
begin
  if not pg_has_role(current_user, 'nova_app', 'member') then
    execute format('grant nova_app to %I', current_user);
  end if;
end $$;

grant usage on schema public to nova_app;
alter default privileges in schema public grant select, insert, update, delete on tables to nova_app;

-- Whose rows a transaction may see. No setting: no tenant, so no rows.
create function nova_tenant() returns text stable language sql
  as $$ select nullif(current_setting('nova.tenant', true), '') $$;
create function nova_service() returns boolean stable language sql
  as $$ select coalesce(current_setting('nova.person', true), '') = '*' $$;
create function nova_shared() returns boolean stable language sql
  as $$ select coalesce(current_setting('nova.shared', true), '') = 'on' $$;
-- The case keeps the planner from casting '*' to a number.
create function nova_person() returns bigint stable language sql
  as $$ select case when current_setting('nova.person', true) ~ '^[0-9]+$'
                    then current_setting('nova.person', true)::bigint end $$;

-- System tables: read before a scope can be known. Their reasons are in src/postgres/system-tables.ts.

create table tenant (
  id text primary key,
  name text not null,
  created_at timestamptz not null default now()
);
insert into tenant (id, name) values ('home', 'Home');

create table person (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  name text not null,
  role text not null check (role in ('owner', 'member', 'guest')),
  created_at timestamptz not null default now()
);
create unique index person_name on person (tenant_id, lower(name));

create table identity (
  platform text not null,
  scope text not null,
  external_id text not null,
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null references person,
  state text not null default 'linked' check (state in ('linked', 'blocked')),
  linked_at timestamptz not null,
  primary key (platform, scope, external_id)
);

create table link_code (
  hash bytea primary key,
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null references person,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table web_session (
  hash bytea primary key,
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null references person,
  opened_at timestamptz not null,
  expires_at timestamptz not null
);

create table pairing_hint (
  platform text not null,
  scope text not null,
  external_id text not null,
  hinted_at timestamptz not null,
  primary key (platform, scope, external_id)
);

-- A wake-up call names a conversation only; this says in which tenant to look for it.
create table conversation_tenant (
  conversation_id bigint primary key,
  tenant_id text not null references tenant
);

-- Tenant tables. person_id says whose row it is; null is a shared conversation, seen by the whole tenant.

create table conversation (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  person_id bigint references person,
  project_id bigint,
  branch_id bigint,
  address_key text not null,
  platform text not null,
  scope text not null,
  container text not null,
  root text,
  visibility text not null check (visibility in ('private', 'shared')),
  pinned_agent text,
  created_at timestamptz not null default now(),
  check ((visibility = 'private') = (person_id is not null)),
  -- A private address in other hands is another conversation: the new person never sees the old one's.
  constraint conversation_address unique nulls not distinct (tenant_id, address_key, person_id)
);

create table turn (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  conversation_id bigint not null references conversation on delete cascade,
  person_id bigint not null references person,
  project_id bigint,
  branch_id bigint,
  address jsonb not null,
  state text not null default 'running' check (state in ('running', 'done', 'failed', 'cancelled')),
  epoch integer not null default 1,
  attempts integer not null default 0,
  cancel_requested boolean not null default false,
  route jsonb,
  agent text,
  model text,
  started_at timestamptz not null,
  ended_at timestamptz,
  check ((state = 'running') = (ended_at is null))
);
create unique index turn_one_running on turn (conversation_id) where state = 'running';
create index turn_of_conversation on turn (conversation_id, id desc);
create index turn_by_start on turn (tenant_id, started_at);

create table message (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  conversation_id bigint not null references conversation on delete cascade,
  person_id bigint references person,
  direction text not null check (direction in ('in', 'out')),
  author_id bigint references person,
  agent text,
  message_key text,
  text text not null,
  at timestamptz not null,
  stored_at timestamptz not null,
  turn_id bigint references turn on delete cascade,
  note_kind text check (note_kind in ('answer', 'clarify', 'fail', 'stopped', 'notice')),
  note_model text,
  check (direction = 'out' or (author_id is not null and message_key is not null)),
  check (direction = 'in' or (turn_id is not null and note_kind is not null)),
  constraint message_once unique (conversation_id, message_key)
);
create index message_of_conversation on message (conversation_id, id);
create index message_of_turn on message (turn_id);
create index message_waiting on message (conversation_id, id) where turn_id is null;
-- Every turn ends in exactly one visible result.
create unique index message_one_reply on message (turn_id) where direction = 'out';

create table inbound (
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null references person,
  platform text not null,
  scope text not null,
  delivery_key text not null,
  message_id bigint not null references message on delete cascade,
  stored_at timestamptz not null,
  primary key (tenant_id, person_id, platform, scope, delivery_key)
);
create index inbound_of_message on inbound (message_id);

create table step (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null references person,
  turn_id bigint not null references turn on delete cascade,
  ordinal integer not null,
  agent text not null,
  reply text not null,
  code text,
  model text,
  model_calls integer not null,
  tool_calls integer not null,
  tokens integer not null,
  tools text[] not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  unique (turn_id, ordinal)
);

create table outbox_part (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null references person,
  conversation_id bigint not null references conversation on delete cascade,
  turn_id bigint not null references turn on delete cascade,
  message_id bigint not null references message on delete cascade,
  ordinal integer not null,
  body text not null,
  state text not null default 'ready' check (state in ('ready', 'sending', 'sent', 'unknown', 'failed')),
  attempts integer not null default 0,
  external_id text,
  code text,
  stored_at timestamptz not null,
  unique (turn_id, ordinal)
);
create index outbox_part_unsent on outbox_part (conversation_id, turn_id, ordinal) where state in ('ready', 'sending');

create table trace_event (
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null references person,
  turn_id bigint not null references turn on delete cascade,
  seq integer not null,
  epoch integer not null,
  at timestamptz not null,
  event jsonb not null,
  primary key (turn_id, seq)
);

-- Walls between tenants, and within one between people. The names of a tenant's people are known to the whole tenant.
do $$
declare
  tenant_wall constant text := 'tenant_id = nova_tenant()';
  person_wall constant text := tenant_wall || ' and (nova_service() or person_id is null or person_id = nova_person())';
  name text;
begin
  foreach name in array array['person', 'conversation', 'turn', 'message', 'inbound', 'step', 'outbox_part', 'trace_event'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy wall on %I using (%s) with check (%s)', name,
      case name when 'person' then tenant_wall else person_wall end,
      case name when 'person' then tenant_wall else person_wall end);
  end loop;
end $$;

-- What was traced stays as it was.
revoke update, delete on trace_event from nova_app;
revoke all on migration from nova_app;
