-- What went weakly in a turn: codes for a later review of runs, and never a word that anybody wrote.

create table signal (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  person_id bigint not null,
  project_id bigint,
  branch_id bigint,
  turn_id bigint not null,
  kind text not null check (kind in ('breach', 'correction', 'missing_tool', 'refused')),
  -- Null: Nova itself.
  agent text,
  code text not null check (length(code) between 1 and 100),
  outcome text check (length(outcome) <= 100),
  at timestamptz not null,
  -- The same one twice is one.
  unique nulls not distinct (turn_id, kind, agent, code, outcome),
  foreign key (person_id, tenant_id) references person (id, tenant_id),
  foreign key (turn_id, tenant_id) references turn (id, tenant_id) on delete cascade,
  foreign key (project_id, tenant_id) references project (id, tenant_id),
  foreign key (branch_id, tenant_id) references branch (id, tenant_id)
);
create index signal_by_time on signal (tenant_id, at desc);

create function signal_place() returns trigger language plpgsql as $$
begin
  select project_id, branch_id into new.project_id, new.branch_id from turn where id = new.turn_id;
  if not found then
    raise exception 'a signal belongs to a turn that cannot be seen here' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger place before insert or update of turn_id, project_id, branch_id on signal
  for each row execute function signal_place();

do $$
declare
  seen constant text := '(project_id is null or (select nova_every_project()) or project_id = (select nova_project()))'
    || ' and (branch_id is null or (select nova_every_branch()) or branch_id = (select nova_branch()))';
  written constant text := '((select nova_every_project()) or project_id is not distinct from (select nova_project()))'
    || ' and ((select nova_every_branch()) or branch_id is not distinct from (select nova_branch()))';
  wall constant text := 'tenant_id = (select nova_tenant())'
    || ' and ((select nova_service()) or person_id = (select nova_person()))';
begin
  alter table signal enable row level security;
  alter table signal force row level security;
  create policy keeper on signal to nova_keeper using (true) with check (true);
  execute format('create policy wall on signal using (%s and %s) with check (%1$s and %3$s)', wall, seen, written);
end $$;
