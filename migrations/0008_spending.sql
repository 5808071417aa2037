-- What calls of models cost: each call from its reservation on, and the sum of what ended on each day.

create table model_call (
  -- Given by the process that asks: a number of the database's could come twice, since reservations do not wait for the disk.
  id uuid primary key,
  tenant_id text not null,
  person_id bigint not null,
  project_id bigint,
  branch_id bigint,
  turn_id bigint not null,
  agent text not null,
  model text not null,
  state text not null default 'reserved' check (state in ('reserved', 'settled')),
  -- The most that it can use while it is reserved; then what it used.
  input_tokens bigint not null check (input_tokens >= 0),
  output_tokens bigint not null check (output_tokens >= 0),
  -- Millionths of a US dollar; null: nobody told what the model costs.
  micros bigint check (micros >= 0),
  counted text check (counted in ('reported', 'estimated')),
  outcome text check (outcome in ('answered', 'failed', 'lost')),
  -- That of the reservation, in UTC: a call that ends past midnight counts where it began.
  day date not null,
  at timestamptz not null,
  check ((state = 'settled') = (counted is not null and outcome is not null)),
  foreign key (person_id, tenant_id) references person (id, tenant_id),
  foreign key (turn_id, tenant_id) references turn (id, tenant_id) on delete cascade,
  foreign key (project_id, tenant_id) references project (id, tenant_id),
  foreign key (branch_id, tenant_id) references branch (id, tenant_id)
);
create index model_call_of_turn on model_call (turn_id);
create index model_call_by_day on model_call (tenant_id, day);
-- Few: what is under way, and what dead processes left.
create index model_call_reserved on model_call (tenant_id, day) where state = 'reserved';

create function model_call_place() returns trigger language plpgsql as $$
begin
  select project_id, branch_id into new.project_id, new.branch_id from turn where id = new.turn_id;
  if not found then
    raise exception 'a model_call belongs to a turn that cannot be seen here' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger place before insert or update of turn_id, project_id, branch_id on model_call
  for each row execute function model_call_place();

create table spending_day (
  tenant_id text not null references tenant,
  day date not null,
  -- Each connection adds to a row of its own, so that turns which end at the same moment do not wait for each other.
  lane integer not null,
  tokens bigint not null,
  micros bigint not null,
  primary key (tenant_id, day, lane)
);

do $$
declare
  seen constant text := '(project_id is null or (select nova_every_project()) or project_id = (select nova_project()))'
    || ' and (branch_id is null or (select nova_every_branch()) or branch_id = (select nova_branch()))';
  written constant text := '((select nova_every_project()) or project_id is not distinct from (select nova_project()))'
    || ' and ((select nova_every_branch()) or branch_id is not distinct from (select nova_branch()))';
  wall constant text := 'tenant_id = (select nova_tenant())'
    || ' and ((select nova_service()) or person_id = (select nova_person()))';
  name text;
begin
  foreach name in array array['model_call', 'spending_day'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy keeper on %I to nova_keeper using (true) with check (true)', name);
  end loop;
  execute format('create policy wall on model_call using (%s and %s) with check (%1$s and %3$s)', wall, seen, written);
end $$;
create policy wall on spending_day
  using (tenant_id = (select nova_tenant())) with check (tenant_id = (select nova_tenant()));

-- Reserves a call; false when the day's cap would be passed. One statement, for it stands before every call of a model: it
-- takes the serving role and the scope by itself. Who has a cap takes turns from the sum to the commit, which waits for no
-- disk: what a server's crash may lose of it are calls whose process lost its answer, too. Without a cap nobody waits.
create function nova_reserve(call uuid, tenant text, person bigint, project text, branch text, turn bigint,
  of_agent text, of_model text, input bigint, output bigint, cost bigint, moment timestamptz,
  most_tokens bigint, most_micros bigint) returns boolean language plpgsql as $$
declare
  today constant date := (moment at time zone 'UTC')::date;
  used_tokens bigint;
  used_micros bigint;
begin
  perform set_config('role', 'nova_app', true), set_config('synchronous_commit', 'off', true),
    set_config('nova.tenant', tenant, true), set_config('nova.person', '*', true), set_config('nova.shared', 'off', true),
    set_config('nova.project', '*', true), set_config('nova.branch', '*', true);
  if most_tokens is not null or most_micros is not null then
    perform pg_advisory_xact_lock(hashtext('nova.spending'), hashtext(tenant));
    -- What ended, and the most that what is under way may come to: one statement, so that no call is seen as neither.
    select sum(part.tokens), sum(part.micros) into used_tokens, used_micros
    from (select tokens, micros from spending_day where tenant_id = tenant and day = today
      union all
      select input_tokens + output_tokens, coalesce(micros, 0) from model_call
      where tenant_id = tenant and day = today and state = 'reserved') part;
    if coalesce(used_tokens, 0) + input + output > most_tokens
      or coalesce(used_micros, 0) + coalesce(cost, most_micros + 1) > most_micros then
      return false;
    end if;
  end if;
  perform set_config('nova.person', person::text, true), set_config('nova.project', project, true),
    set_config('nova.branch', branch, true);
  insert into model_call (id, tenant_id, person_id, turn_id, agent, model, input_tokens, output_tokens, micros, day, at)
  values (call, tenant, person, turn, of_agent, of_model, input, output, cost, today, moment);
  return true;
end $$;
