-- What a schedule asks belongs to the schedule's project also where the chat belongs to none: the message, its turn and what
-- is answered, and not the chat. A conversation that has a project keeps all that is in it.

create or replace function turn_place() returns trigger language plpgsql as $$
declare
  asked constant bigint := new.project_id;
begin
  select project_id, branch_id into new.project_id, new.branch_id from conversation where id = new.conversation_id;
  if not found then
    raise exception 'a turn belongs to a conversation that cannot be seen here' using errcode = 'insufficient_privilege';
  end if;
  new.project_id := coalesce(new.project_id, asked);
  return new;
end $$;

create or replace function message_place() returns trigger language plpgsql as $$
declare
  asked constant bigint := case when new.scheduled is not null then new.project_id end;
begin
  select project_id, branch_id into new.project_id, new.branch_id from conversation where id = new.conversation_id;
  if not found then
    raise exception 'a message belongs to a conversation that cannot be seen here' using errcode = 'insufficient_privilege';
  end if;
  if new.direction = 'out' and new.turn_id is not null and new.project_id is null then
    select project_id into new.project_id from turn where id = new.turn_id;
  end if;
  new.project_id := coalesce(new.project_id, asked);
  return new;
end $$;
