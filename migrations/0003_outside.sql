-- What reaches Nova from outside: projects it belongs to, endpoints it comes in by, and whose words it holds.

create table project (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  name text not null,
  created_at timestamptz not null default now()
);
create unique index project_name on project (tenant_id, lower(name));

create table branch (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  name text not null,
  created_at timestamptz not null default now()
);
create unique index branch_name on branch (tenant_id, lower(name));

-- The names of a tenant's projects and branches are known to the whole tenant, as those of its people are.
do $$
declare
  wall constant text := 'tenant_id = nova_tenant()';
  name text;
begin
  foreach name in array array['project', 'branch'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy wall on %I using (%s) with check (%s)', name, wall, wall);
  end loop;
end $$;

alter table conversation add foreign key (project_id) references project, add foreign key (branch_id) references branch;

-- System tables: read before a scope can be known.

-- Where signed posts come in, and as whose. The name is the last part of its address, and may be given again once it is
-- free; the number is not, and tells what came in by one endpoint from what came in by another of the same name.
create table endpoint (
  name text primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  id bigint generated always as identity unique,
  tenant_id text not null default 'home' references tenant,
  person_id bigint not null references person,
  preset text not null check (preset in ('standard', 'github')),
  origin text not null check (origin in ('person', 'outside')),
  agent text,
  project_id bigint references project,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  last_post_at timestamptz
);

-- A signature is checked with the secret itself, so no hash can stand for it. Null: good until it is rotated.
create table endpoint_secret (
  id bigint generated always as identity primary key,
  endpoint text not null references endpoint on delete cascade,
  secret text not null,
  created_at timestamptz not null,
  expires_at timestamptz
);
create index endpoint_secret_of on endpoint_secret (endpoint);

-- Null: the author's own words. Such words are data, whoever vouches for the way they came.
alter table message
  add column origin text check (origin = 'outside'),
  add column addressed_to text,
  add check (direction = 'in' or (origin is null and addressed_to is null));
