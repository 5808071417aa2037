-- The keeper: the role that a backup reads with and a restore writes with. The walls are between people, not before it.

-- Roles belong to the whole server, so another database may have made it already.
do $$
begin
  if not exists (select from pg_roles where rolname = 'nova_keeper') then
    create role nova_keeper nologin nobypassrls;
  end if;
exception when duplicate_object or unique_violation then
  null; -- made by another database in this very moment
end $$;

do $$
begin
  if not pg_has_role(current_user, 'nova_keeper', 'member') then
    execute format('grant nova_keeper to %I', current_user);
  end if;
end $$;

grant usage on schema public to nova_keeper;
alter default privileges in schema public grant select, insert on tables to nova_keeper;
alter default privileges in schema public grant select on sequences to nova_keeper;

-- Default privileges cover the tables to come, but no policy can: a later migration that walls a table writes
-- `create policy keeper on <table> to nova_keeper using (true) with check (true)` beside the wall.
do $$
declare
  each record;
begin
  for each in
    select c.relname as name, c.relkind as kind, c.relrowsecurity as walled
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'S')
      and c.relowner = (select relowner from pg_class where oid = 'public.migration'::regclass)
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  loop
    if each.kind = 'S' then
      execute format('grant select on sequence %I to nova_keeper', each.name);
    else
      execute format('grant select, insert on %I to nova_keeper', each.name);
      if each.walled then
        execute format('create policy keeper on %I to nova_keeper using (true) with check (true)', each.name);
      end if;
    end if;
  end loop;
end $$;

-- What the schema is at is told by the migrations themselves, never by a restore.
revoke insert on migration from nova_keeper;
