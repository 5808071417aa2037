-- Parts that wait for their time, and word of those that may not have arrived.

-- Not tried before: a platform names the time, or a failed send pushes it back. Null: at once.
alter table outbox_part
  add column not_before timestamptz,
  -- No part of the reply: tells that one of its parts may be missing.
  add column notice boolean not null default false;

-- What the status counts.
create index outbox_part_undelivered on outbox_part (stored_at) where state in ('unknown', 'failed');
