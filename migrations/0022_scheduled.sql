-- What a schedule asks in a person's name orders nothing, and whose words it holds is known for as long as they are.
alter table schedule
  add column wording text not null default 'outside' check (wording in ('person', 'agent', 'outside'));
alter table schedule alter column wording drop default;
alter table message
  add column scheduled text check (scheduled in ('person', 'agent', 'outside')),
  add check (direction = 'in' or scheduled is null);
