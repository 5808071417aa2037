-- Whoever asked for a post hears of it when it is given up, also where its receiver is removed; and a receiver is disabled
-- for what failed again and again, not for what failed once long ago.

alter table receiver
  -- How many attempts failed since failing_since, and when the last of them ended.
  add column failures integer not null default 0,
  add column failed_at timestamptz;

alter table webhook_delivery
  alter column receiver_id drop not null,
  -- The name that its receiver had; then there is no receiver any more.
  add column removed_receiver text,
  -- Given up, and nobody was told yet.
  add column untold boolean not null default false,
  add check ((receiver_id is null) = (removed_receiver is not null)),
  add check (receiver_id is not null or state <> 'waiting'),
  add check (state = 'failed' or not untold);
create index webhook_delivery_untold on webhook_delivery (id) where untold;
