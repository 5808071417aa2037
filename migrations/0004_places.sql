-- Walls by project and branch too: every row of a tenant knows its place, and a transaction sees the places it entered.

-- Which project and branch a transaction works in: an id, `*` for every one, or nothing for rows of none. A transaction
-- that never said so sees no row that has a place.
create function nova_project() returns bigint stable language sql
  as $$ select case when current_setting('nova.project', true) ~ '^[0-9]+$'
                    then current_setting('nova.project', true)::bigint end $$;
create function nova_every_project() returns boolean stable language sql
  as $$ select coalesce(current_setting('nova.project', true), '') = '*' $$;
create function nova_branch() returns bigint stable language sql
  as $$ select case when current_setting('nova.branch', true) ~ '^[0-9]+$'
                    then current_setting('nova.branch', true)::bigint end $$;
create function nova_every_branch() returns boolean stable language sql
  as $$ select coalesce(current_setting('nova.branch', true), '') = '*' $$;

-- An owner who is no superuser is held by forced walls, too, and could fill nothing in. They are forced again below.
do $$
declare
  name text;
begin
  foreach name in array array['conversation', 'turn', 'message', 'inbound', 'step', 'outbox_part', 'trace_event',
      'memory_source', 'memory_item', 'memory_term', 'memory_corpus', 'memory_tombstone', 'recall_log'] loop
    execute format('alter table %I no force row level security', name);
  end loop;
  foreach name in array array['message', 'inbound', 'step', 'outbox_part', 'trace_event',
      'memory_term', 'memory_corpus', 'memory_tombstone', 'recall_log'] loop
    execute format('alter table %I add column project_id bigint, add column branch_id bigint', name);
  end loop;
end $$;

-- References stay within the tenant: a number alone could name a row of another one.
do $$
declare
  target text;
  reference record;
begin
  foreach target in array array['person', 'project', 'branch', 'conversation', 'turn', 'message', 'memory_source'] loop
    -- The id first: an index that began with the tenant could be taken for any question within one.
    execute format('alter table %I add constraint %I unique (id, tenant_id)', target, target || '_in_tenant');
  end loop;

  for reference in
    select * from (values
      ('identity', 'person_id', 'person', ''),
      ('link_code', 'person_id', 'person', ''),
      ('web_session', 'person_id', 'person', ''),
      ('endpoint', 'person_id', 'person', ''),
      ('endpoint', 'project_id', 'project', ''),
      ('conversation', 'person_id', 'person', ''),
      ('turn', 'person_id', 'person', ''),
      ('turn', 'conversation_id', 'conversation', 'on delete cascade'),
      ('message', 'person_id', 'person', ''),
      ('message', 'author_id', 'person', ''),
      ('message', 'conversation_id', 'conversation', 'on delete cascade'),
      ('message', 'turn_id', 'turn', 'on delete cascade'),
      ('inbound', 'person_id', 'person', ''),
      ('inbound', 'message_id', 'message', 'on delete cascade'),
      ('step', 'person_id', 'person', ''),
      ('step', 'turn_id', 'turn', 'on delete cascade'),
      ('outbox_part', 'person_id', 'person', ''),
      ('outbox_part', 'conversation_id', 'conversation', 'on delete cascade'),
      ('outbox_part', 'turn_id', 'turn', 'on delete cascade'),
      ('outbox_part', 'message_id', 'message', 'on delete cascade'),
      ('trace_event', 'person_id', 'person', ''),
      ('trace_event', 'turn_id', 'turn', 'on delete cascade'),
      ('memory_source', 'person_id', 'person', ''),
      ('memory_source', 'message_id', 'message', 'on delete set null (message_id)'),
      ('memory_item', 'person_id', 'person', ''),
      ('memory_item', 'source_id', 'memory_source', 'on delete cascade'),
      ('memory_term', 'person_id', 'person', ''),
      ('memory_corpus', 'person_id', 'person', ''),
      ('memory_tombstone', 'person_id', 'person', ''),
      ('recall_log', 'person_id', 'person', ''),
      ('recall_log', 'turn_id', 'turn', 'on delete cascade')
    ) as listed (child, field, parent, deleting)
    union all
    select child, field, parent, ''
    from unnest(array['conversation', 'turn', 'message', 'inbound', 'step', 'outbox_part', 'trace_event',
        'memory_source', 'memory_item', 'memory_term', 'memory_corpus', 'memory_tombstone', 'recall_log']) child,
      (values ('project_id', 'project'), ('branch_id', 'branch')) as place (field, parent)
  loop
    execute format('alter table %I drop constraint if exists %I', reference.child,
      reference.child || '_' || reference.field || '_fkey');
    execute format('alter table %I add constraint %I foreign key (%I, tenant_id) references %I (id, tenant_id) %s',
      reference.child, reference.child || '_' || reference.field || '_fkey', reference.field, reference.parent,
      reference.deleting);
  end loop;
end $$;

-- What belongs to a conversation is where the conversation is; no statement can forget it. The trigger looks with the
-- eyes of whoever writes: under a row that is out of sight, nothing can be put either.
do $$
declare
  kin record;
begin
  for kin in
    select * from (values
      ('turn', 'conversation', 'conversation_id'),
      ('message', 'conversation', 'conversation_id'),
      ('inbound', 'message', 'message_id'),
      ('step', 'turn', 'turn_id'),
      ('outbox_part', 'turn', 'turn_id'),
      ('trace_event', 'turn', 'turn_id'),
      ('recall_log', 'turn', 'turn_id'),
      ('memory_item', 'memory_source', 'source_id')
    ) as listed (child, parent, field)
  loop
    execute format($make$
      create function %1$I() returns trigger language plpgsql as $body$
      begin
        select project_id, branch_id into new.project_id, new.branch_id from %2$I where id = new.%3$I;
        if not found then
          raise exception 'a %4$s belongs to a %2$s that cannot be seen here' using errcode = 'insufficient_privilege';
        end if;
        return new;
      end $body$ $make$, kin.child || '_place', kin.parent, kin.field, kin.child);
    -- Existing rows before the triggers stand; a parent comes before its children in the list.
    execute format(
      'update %1$I set project_id = %2$I.project_id, branch_id = %2$I.branch_id from %2$I
       where %2$I.id = %1$I.%3$I and (%1$I.project_id, %1$I.branch_id) is distinct from (%2$I.project_id, %2$I.branch_id)',
      kin.child, kin.parent, kin.field);
    execute format(
      'create trigger place before insert or update of %2$I, project_id, branch_id on %1$I
       for each row when (new.%2$I is not null) execute function %3$I()',
      kin.child, kin.field, kin.child || '_place');
  end loop;
end $$;

-- The same words in two projects are two items, each counted where it is: of what one project holds, nothing shows in
-- another's scores. Memory had no place before, so that its counts stay true as they are.
drop index memory_source_once, memory_item_once, memory_term_once, memory_corpus_once, memory_tombstone_once;
create unique index memory_source_once on memory_source
  (content_hash, tenant_id, person_id, project_id, branch_id, message_id) nulls not distinct;
create unique index memory_item_once on memory_item
  (content_hash, tenant_id, person_id, project_id, branch_id) nulls not distinct;
create unique index memory_term_once on memory_term
  (tenant_id, lex_version, dim, term, person_id, project_id, branch_id) nulls not distinct;
create unique index memory_corpus_once on memory_corpus
  (tenant_id, person_id, project_id, branch_id, lex_version) nulls not distinct;
create unique index memory_tombstone_once on memory_tombstone
  (content_hash, tenant_id, person_id, project_id, branch_id) nulls not distinct;

-- One wall for all: the tenant, the person, the project, the branch. Rows of no project are seen in every one, but what is
-- written in a project belongs to it. Of memory the service sees nothing: moving messages is no business with anybody's
-- memory. The sub-selects are evaluated once a statement, not once a row.
do $$
declare
  tenant constant text := 'tenant_id = (select nova_tenant())';
  own constant text := '(person_id is null or person_id = (select nova_person()))';
  served constant text := '((select nova_service()) or person_id is null or person_id = (select nova_person()))';
  seen constant text := '(project_id is null or (select nova_every_project()) or project_id = (select nova_project()))'
    || ' and (branch_id is null or (select nova_every_branch()) or branch_id = (select nova_branch()))';
  written constant text := '((select nova_every_project()) or project_id is not distinct from (select nova_project()))'
    || ' and ((select nova_every_branch()) or branch_id is not distinct from (select nova_branch()))';
  wall text;
  name text;
begin
  foreach name in array array['conversation', 'turn', 'message', 'inbound', 'step', 'outbox_part', 'trace_event',
      'memory_source', 'memory_item', 'memory_term', 'memory_corpus', 'memory_tombstone', 'recall_log'] loop
    wall := concat_ws(' and ', tenant,
      case when name ~ '^memory_|^recall_' then '(select nova_person()) is not null and ' || own else served end);
    execute format('drop policy wall on %I', name);
    execute format('create policy wall on %I using (%s) with check (%s)', name,
      concat_ws(' and ', wall, seen), concat_ws(' and ', wall, written));
    execute format('alter table %I force row level security', name);
  end loop;
end $$;
