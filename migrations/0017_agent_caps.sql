-- A cap of an agent's own beside everybody's: both hold, and a call has to fit under both.

create index model_call_of_agent on model_call (tenant_id, day, agent);

drop function nova_reserve(uuid, text, bigint, text, text, bigint, text, text, bigint, bigint, bigint, timestamptz, bigint, bigint);

-- As in 0008, and says which cap was in the way: `everybody`, `agent`, or null when the call is reserved.
create function nova_reserve(call uuid, tenant text, person bigint, project text, branch text, turn bigint,
  of_agent text, of_model text, input bigint, output bigint, cost bigint, moment timestamptz,
  most_tokens bigint, most_micros bigint, own_tokens bigint, own_micros bigint) returns text language plpgsql as $$
declare
  today constant date := (moment at time zone 'UTC')::date;
  used_tokens bigint;
  used_micros bigint;
begin
  perform set_config('role', 'nova_app', true), set_config('synchronous_commit', 'off', true),
    set_config('nova.tenant', tenant, true), set_config('nova.person', '*', true), set_config('nova.shared', 'off', true),
    set_config('nova.project', '*', true), set_config('nova.branch', '*', true);
  if coalesce(most_tokens, most_micros, own_tokens, own_micros) is not null then
    perform pg_advisory_xact_lock(hashtext('nova.spending'), hashtext(tenant));
  end if;
  if most_tokens is not null or most_micros is not null then
    -- What ended, and the most that what is under way may come to: one statement, so that no call is seen as neither.
    select sum(part.tokens), sum(part.micros) into used_tokens, used_micros
    from (select tokens, micros from spending_day where tenant_id = tenant and day = today
      union all
      select input_tokens + output_tokens, coalesce(micros, 0) from model_call
      where tenant_id = tenant and day = today and state = 'reserved') part;
    if coalesce(used_tokens, 0) + input + output > most_tokens
      or coalesce(used_micros, 0) + coalesce(cost, most_micros + 1) > most_micros then
      return 'everybody';
    end if;
  end if;
  if own_tokens is not null or own_micros is not null then
    select sum(input_tokens + output_tokens), sum(coalesce(micros, 0)) into used_tokens, used_micros
    from model_call where tenant_id = tenant and day = today and agent = of_agent;
    if coalesce(used_tokens, 0) + input + output > own_tokens
      or coalesce(used_micros, 0) + coalesce(cost, own_micros + 1) > own_micros then
      return 'agent';
    end if;
  end if;
  perform set_config('nova.person', person::text, true), set_config('nova.project', project, true),
    set_config('nova.branch', branch, true);
  insert into model_call (id, tenant_id, person_id, turn_id, agent, model, input_tokens, output_tokens, micros, day, at)
  values (call, tenant, person, turn, of_agent, of_model, input, output, cost, today, moment);
  return null;
end $$;
