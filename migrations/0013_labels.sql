-- What people said about whom their words are for: the router goes by it, and learns from it.

create table route_label (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  person_id bigint not null,
  project_id bigint,
  branch_id bigint,
  -- The turn that the words were said in: with them the label goes.
  turn_id bigint not null,
  -- The beginning of what was said, and the digest of all of it, so that the same words are known again.
  words text not null check (length(words) between 1 and 500),
  digest text not null,
  wanted text not null,
  -- Who had answered; null when Nova had only asked.
  given text,
  source text not null check (source in ('wrong_agent', 'clarified', 'command')),
  at timestamptz not null,
  -- What is said last of a turn's words counts.
  unique (turn_id),
  foreign key (person_id, tenant_id) references person (id, tenant_id) on delete cascade,
  foreign key (turn_id, tenant_id) references turn (id, tenant_id) on delete cascade,
  foreign key (project_id, tenant_id) references project (id, tenant_id),
  foreign key (branch_id, tenant_id) references branch (id, tenant_id)
);
create index route_label_of_words on route_label (person_id, digest);

create function route_label_place() returns trigger language plpgsql as $$
begin
  select project_id, branch_id into new.project_id, new.branch_id from turn where id = new.turn_id;
  if not found then
    raise exception 'a route_label belongs to a turn that cannot be seen here' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger place before insert or update of turn_id, project_id, branch_id on route_label
  for each row execute function route_label_place();

do $$
declare
  seen constant text := '(project_id is null or (select nova_every_project()) or project_id = (select nova_project()))'
    || ' and (branch_id is null or (select nova_every_branch()) or branch_id = (select nova_branch()))';
  written constant text := '((select nova_every_project()) or project_id is not distinct from (select nova_project()))'
    || ' and ((select nova_every_branch()) or branch_id is not distinct from (select nova_branch()))';
  wall constant text := 'tenant_id = (select nova_tenant())'
    || ' and ((select nova_service()) or person_id = (select nova_person()))';
begin
  alter table route_label enable row level security;
  alter table route_label force row level security;
  create policy keeper on route_label to nova_keeper using (true) with check (true);
  execute format('create policy wall on route_label using (%s and %s) with check (%1$s and %3$s)', wall, seen, written);
end $$;
