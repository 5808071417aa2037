-- A reply that rests on what nobody vouches for: whoever goes on from it acts alone no more.
alter table message
  add column tainted boolean not null default false,
  add check (direction = 'out' or not tainted);
