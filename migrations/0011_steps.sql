-- Steps that do not end their turn are kept as they end, so that no later take runs them again.

alter table step
  -- `0`, `1`, and `1.0` for the first delegate of the second. Null: from before this was noted.
  add column place text,
  -- The whole outcome; null for a step that was written with the end of its turn.
  add column outcome jsonb;
create unique index step_place on step (turn_id, place) where place is not null;
