-- Where Nova may be asked to speak and post: shared places by a name, receivers of signed webhooks, and what is on its way.

-- Known to the whole tenant, as the names of its people and projects are.
create table named_place (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  name text not null,
  platform text not null,
  scope text not null,
  container text not null,
  named_by bigint not null,
  named_at timestamptz not null,
  unique (tenant_id, platform, scope, container),
  foreign key (named_by, tenant_id) references person (id, tenant_id)
);
create unique index named_place_name on named_place (tenant_id, lower(name));

create table receiver (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  name text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  url text not null,
  state text not null default 'active' check (state in ('active', 'disabled')),
  disabled_why text,
  added_by bigint not null,
  created_at timestamptz not null,
  -- Since when every attempt failed.
  failing_since timestamptz,
  -- It asked to be left alone until then.
  held_until timestamptz,
  unique (tenant_id, name),
  constraint receiver_in_tenant unique (id, tenant_id),
  foreign key (added_by, tenant_id) references person (id, tenant_id),
  check ((state = 'disabled') = (disabled_why is not null))
);

-- A post is signed with the secret itself, so no hash can stand for it. Null: good until it is rotated.
create table receiver_secret (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  receiver_id bigint not null,
  secret text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  foreign key (receiver_id, tenant_id) references receiver (id, tenant_id) on delete cascade
);
create index receiver_secret_of on receiver_secret (receiver_id);

do $$
declare
  wall constant text := 'tenant_id = (select nova_tenant())';
  name text;
begin
  foreach name in array array['named_place', 'receiver', 'receiver_secret'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy keeper on %I to nova_keeper using (true) with check (true)', name);
    execute format('create policy wall on %I using (%s) with check (%s)', name, wall, wall);
  end loop;
end $$;
-- Only Nova itself signs: no statement on behalf of a person reads a secret.
drop policy wall on receiver_secret;
create policy wall on receiver_secret
  using (tenant_id = (select nova_tenant()) and (select nova_service()))
  with check (tenant_id = (select nova_tenant()) and (select nova_service()));

-- A signed post on its way. It belongs to whoever it is for, as the effect that asked for it does.
create table webhook_delivery (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null,
  project_id bigint,
  branch_id bigint,
  receiver_id bigint not null,
  key text not null,
  -- The same over all attempts, so that a receiver takes it once.
  webhook_id text not null,
  event text not null,
  body text not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  -- Every claim is another attempt, and only the latest one's end counts.
  attempts integer not null default 0,
  -- Attempts before the last replay.
  tried_before integer not null default 0,
  claimed_until timestamptz,
  next_at timestamptz,
  last_at timestamptz,
  last_code text,
  created_at timestamptz not null,
  unique (tenant_id, key),
  foreign key (person_id, tenant_id) references person (id, tenant_id),
  foreign key (project_id, tenant_id) references project (id, tenant_id),
  foreign key (branch_id, tenant_id) references branch (id, tenant_id),
  foreign key (receiver_id, tenant_id) references receiver (id, tenant_id) on delete cascade,
  check ((state = 'waiting') = (next_at is not null))
);
create index webhook_delivery_due on webhook_delivery (next_at) where state = 'waiting';
create index webhook_delivery_of on webhook_delivery (receiver_id, id desc);

do $$
declare
  seen constant text := '(project_id is null or (select nova_every_project()) or project_id = (select nova_project()))'
    || ' and (branch_id is null or (select nova_every_branch()) or branch_id = (select nova_branch()))';
  written constant text := '((select nova_every_project()) or project_id is not distinct from (select nova_project()))'
    || ' and ((select nova_every_branch()) or branch_id is not distinct from (select nova_branch()))';
  wall constant text := 'tenant_id = (select nova_tenant())'
    || ' and ((select nova_service()) or person_id = (select nova_person()))';
begin
  alter table webhook_delivery enable row level security;
  alter table webhook_delivery force row level security;
  create policy keeper on webhook_delivery to nova_keeper using (true) with check (true);
  execute format('create policy wall on webhook_delivery using (%s and %s) with check (%1$s and %3$s)', wall, seen, written);
end $$;
