-- Who may speak to Nova: requests of strangers to be let in, and those from whom nothing is taken.

-- System tables: read before a scope can be known.

-- A stranger's request. The code names it and grants nothing: the owner decides. Nothing of what was written is kept.
create table pairing (
  platform text not null,
  scope text not null,
  external_id text not null,
  -- As the platform names the sender: a stranger's words.
  sender_name text,
  code text not null unique,
  asked_at timestamptz not null,
  state text not null default 'pending' check (state in ('pending', 'approved', 'rejected')),
  decided_by bigint,
  decided_at timestamptz,
  tenant_id text not null default 'home' references tenant,
  primary key (platform, scope, external_id),
  foreign key (decided_by, tenant_id) references person (id, tenant_id),
  check ((state = 'pending') = (decided_by is null and decided_at is null))
);
create index pairing_by_age on pairing (asked_at);

-- A person from whom nothing is taken, whichever account they write from.
create table person_block (
  person_id bigint primary key,
  tenant_id text not null default 'home' references tenant,
  blocked_at timestamptz not null,
  foreign key (person_id, tenant_id) references person (id, tenant_id)
);

-- An account can be blocked that belongs to nobody.
alter table identity
  alter column person_id drop not null,
  add check (person_id is not null or state = 'blocked');
create index identity_of_person on identity (person_id);

-- Whose account a delivery came from. Null: from before this was noted.
alter table inbound
  add column sender_scope text,
  add column sender_id text;

-- The owner stays the owner, and is never shut out, whatever a statement says.
create function keep_owner() returns trigger language plpgsql as $$
begin
  if old.role = 'owner' and new.role <> 'owner' then
    raise exception 'the owner stays the owner' using errcode = 'insufficient_privilege';
  end if;
  if old.role <> 'owner' and new.role = 'owner' then
    raise exception 'nobody is made owner' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger keep_owner before update of role on person for each row execute function keep_owner();

create function keep_owner_in() returns trigger language plpgsql as $$
begin
  if exists (select from person where id = new.person_id and role = 'owner') then
    raise exception 'the owner cannot be blocked' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger keep_owner_in before insert or update on person_block
  for each row execute function keep_owner_in();
create trigger keep_owner_in before insert or update on identity
  for each row when (new.state = 'blocked' and new.person_id is not null) execute function keep_owner_in();
