-- What Nova does at a time: reminders, and words that it works on as if their person had said them then.

create table schedule (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  person_id bigint not null,
  project_id bigint,
  branch_id bigint,
  -- Whoever makes one brings a key: the same key twice is one schedule.
  made_key text not null,
  name text not null check (length(name) between 1 and 80),
  does text not null check (does in ('remind', 'ask')),
  words text not null,
  -- Said in quiet hours, too.
  urgent boolean not null,
  kind text not null check (kind in ('at', 'every', 'cron')),
  -- Once, or the beginning that repetitions are multiples of.
  from_at timestamptz,
  every_ms bigint check (every_ms >= 60000),
  cron text,
  zone text,
  -- Where it speaks; null: in private, where the person was heard last.
  address jsonb,
  state text not null check (state in ('active', 'paused', 'done')),
  -- Why it is not active any more, where nobody paused it and it did not come to its end.
  because text check (because in ('removed', 'blocked', 'guest')),
  next_at timestamptz,
  -- Set while it waits for the end of quiet hours: when it was due.
  put_off_from timestamptz,
  -- Runs in a row that failed.
  failures integer not null default 0,
  created_at timestamptz not null,
  check ((state = 'active') = (next_at is not null)),
  check ((kind <> 'cron') = (from_at is not null)),
  check ((kind = 'every') = (every_ms is not null)),
  check ((kind = 'cron') = (cron is not null)),
  check (kind <> 'cron' or zone is not null),
  constraint schedule_once unique (tenant_id, person_id, made_key),
  constraint schedule_in_tenant unique (id, tenant_id),
  foreign key (person_id, tenant_id) references person (id, tenant_id),
  foreign key (project_id, tenant_id) references project (id, tenant_id),
  foreign key (branch_id, tenant_id) references branch (id, tenant_id)
);
-- What is done makes room for another of its name.
create unique index schedule_named on schedule (tenant_id, person_id, lower(name)) where state <> 'done';
create index schedule_due on schedule (next_at) where state = 'active';

create table schedule_run (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  person_id bigint not null,
  project_id bigint,
  branch_id bigint,
  schedule_id bigint not null,
  due_at timestamptz not null,
  started_at timestamptz not null,
  -- Null: claimed, and not known to be done. What it does goes by the key of schedule and due time, so it may be done again.
  outcome text check (outcome in ('said', 'asked', 'quiet', 'missed', 'failed')),
  code text check (length(code) <= 100),
  -- It is said after its time because Nova was not running.
  late boolean not null,
  -- When it was due before quiet hours put it off.
  put_off_from timestamptz,
  -- The reminder that was said, or the words that were asked.
  message_id bigint,
  -- Of words that were asked: how their turn ended was looked at.
  judged boolean not null default false,
  -- What the person has to be told about it besides, and that they were.
  news text check (news in ('missed', 'failing')),
  told boolean not null default false,
  unique (schedule_id, due_at),
  foreign key (person_id, tenant_id) references person (id, tenant_id),
  foreign key (schedule_id, tenant_id) references schedule (id, tenant_id) on delete cascade,
  foreign key (message_id, tenant_id) references message (id, tenant_id) on delete set null (message_id),
  foreign key (project_id, tenant_id) references project (id, tenant_id),
  foreign key (branch_id, tenant_id) references branch (id, tenant_id)
);
create index schedule_run_open on schedule_run (started_at) where outcome is null;
create index schedule_run_unjudged on schedule_run (tenant_id) where outcome = 'asked' and not judged;
create index schedule_run_untold on schedule_run (tenant_id) where news is not null and not told;

create function schedule_run_place() returns trigger language plpgsql as $$
begin
  select project_id, branch_id into new.project_id, new.branch_id from schedule where id = new.schedule_id;
  if not found then
    raise exception 'a schedule_run belongs to a schedule that cannot be seen here' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger place before insert or update of schedule_id, project_id, branch_id on schedule_run
  for each row execute function schedule_run_place();

-- Where a person's days begin, and when they are not to be disturbed.
create table person_rhythm (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  person_id bigint not null,
  project_id bigint,
  branch_id bigint,
  -- IANA name; null: that of the machine.
  zone text,
  -- Minutes from midnight in the zone; may go over midnight.
  quiet_from integer check (quiet_from between 0 and 1439),
  quiet_to integer check (quiet_to between 0 and 1439),
  check ((quiet_from is null) = (quiet_to is null)),
  check (quiet_from <> quiet_to),
  constraint person_rhythm_once unique nulls not distinct (tenant_id, person_id, project_id, branch_id),
  foreign key (person_id, tenant_id) references person (id, tenant_id),
  foreign key (project_id, tenant_id) references project (id, tenant_id),
  foreign key (branch_id, tenant_id) references branch (id, tenant_id)
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
  foreach name in array array['schedule', 'schedule_run', 'person_rhythm'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy keeper on %I to nova_keeper using (true) with check (true)', name);
    execute format('create policy wall on %I using (%s and %s) with check (%2$s and %4$s)', name, wall, seen, written);
  end loop;
end $$;
