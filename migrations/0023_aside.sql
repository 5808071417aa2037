-- Said beside a conversation and for the eyes of its person alone: no agent reads it again.
alter table message
  add column aside boolean not null default false,
  add check (direction = 'out' or not aside);
