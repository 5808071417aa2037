-- Steps that do not end their turn are kept as they end, so that no later take runs them again.

alter table step
  -- Part and step, `0/1`; `0/1.0` is its first delegate. Null: a step that was written with the end of its turn.
  add column place text,
  -- The whole outcome, as long as the turn runs.
  add column outcome jsonb;
create unique index step_place on step (turn_id, place) where place is not null;
