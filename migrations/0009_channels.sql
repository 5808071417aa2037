-- What channels bring and show beyond words: handles to answer by, files, edits and deletions, buttons, drafts.

alter table message
  -- What the platform gave to answer this one message, sealed by its adapter; worth nothing past its time.
  add column handle text,
  add column handle_until timestamptz,
  -- As they came, and what was read of them.
  add column files jsonb,
  -- Buttons under a reply.
  add column actions jsonb,
  add column deleted_at timestamptz,
  add check ((handle is null) = (handle_until is null)),
  add check (direction = 'in' or (handle is null and files is null and deleted_at is null)),
  add check (direction = 'out' or actions is null);
-- Few: those of the last minutes, and what the daily cleaning has not come to yet.
create index message_with_handle on message (handle_until) where handle is not null;

-- Where the unfinished reply is shown, in the words of its adapter.
alter table turn add column draft text;

-- What its author made of a message. The first is the message as it came, kept when it is changed for the first time.
create table message_version (
  tenant_id text not null,
  person_id bigint,
  project_id bigint,
  branch_id bigint,
  message_id bigint not null,
  version integer not null check (version > 0),
  -- Null: it was deleted.
  text text,
  -- When its author made it so.
  at timestamptz not null,
  stored_at timestamptz not null,
  primary key (message_id, version),
  check (version > 1 or text is not null),
  foreign key (person_id, tenant_id) references person (id, tenant_id),
  foreign key (message_id, tenant_id) references message (id, tenant_id) on delete cascade,
  foreign key (project_id, tenant_id) references project (id, tenant_id),
  foreign key (branch_id, tenant_id) references branch (id, tenant_id)
);

create function message_version_place() returns trigger language plpgsql as $$
begin
  select project_id, branch_id into new.project_id, new.branch_id from message where id = new.message_id;
  if not found then
    raise exception 'a message_version belongs to a message that cannot be seen here' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger place before insert or update of message_id, project_id, branch_id on message_version
  for each row execute function message_version_place();

do $$
declare
  seen constant text := '(project_id is null or (select nova_every_project()) or project_id = (select nova_project()))'
    || ' and (branch_id is null or (select nova_every_branch()) or branch_id = (select nova_branch()))';
  written constant text := '((select nova_every_project()) or project_id is not distinct from (select nova_project()))'
    || ' and ((select nova_every_branch()) or branch_id is not distinct from (select nova_branch()))';
  wall constant text := 'tenant_id = (select nova_tenant())'
    || ' and ((select nova_service()) or person_id is null or person_id = (select nova_person()))';
begin
  alter table message_version enable row level security;
  alter table message_version force row level security;
  create policy keeper on message_version to nova_keeper using (true) with check (true);
  execute format('create policy wall on message_version using (%s and %s) with check (%1$s and %3$s)', wall, seen, written);
end $$;
