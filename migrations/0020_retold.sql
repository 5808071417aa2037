-- A tainted reply that read nothing itself, but goes on from one that did, or from the words of others.
alter table message
  add column retold boolean not null default false,
  add check (tainted or not retold);
