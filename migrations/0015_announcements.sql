-- What Nova says unasked, and what it makes of a message that was sent already.

-- An announcement is a turn without anybody's message.
alter table turn
  -- Said once in a tenant; null for a turn that answers.
  add column said_key text,
  -- The account that it is for; null where others read along.
  add column said_scope text,
  add column said_id text,
  add check (said_key is null or state = 'done'),
  add check ((said_scope is null) = (said_id is null));
create unique index turn_said_once on turn (tenant_id, said_key) where said_key is not null;

-- What Nova says may hold somebody else's words: read again, they are data.
do $$
declare
  name text;
begin
  select conname into strict name from pg_constraint
  where conrelid = 'message'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%addressed_to%';
  execute format('alter table message drop constraint %I', name);
end $$;
alter table message add check (direction = 'in' or addressed_to is null);

-- A part that takes the place of one that was sent: its words and its buttons.
alter table outbox_part
  add constraint outbox_part_in_tenant unique (id, tenant_id),
  add column amends_id bigint,
  add foreign key (amends_id, tenant_id) references outbox_part (id, tenant_id) on delete cascade;
create index outbox_part_amending on outbox_part (amends_id) where amends_id is not null;
