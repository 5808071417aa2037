-- How much an agent may do of one verb, where the operator has said so: its file gives only the start and the ceiling.

-- Rows are only added: the newest one of an agent, verb and project stands, and those before it are the history.
create table agent_trust (
  id bigint generated always as identity primary key,
  tenant_id text not null default 'home' references tenant,
  agent text not null,
  verb text not null,
  -- Null: wherever nothing is set for the project.
  project_id bigint,
  -- Null: what was set is taken back, and the file's start holds again.
  trust text check (trust in ('T0', 'T1', 'T2', 'T3', 'T4')),
  why text check (length(why) between 1 and 500),
  set_by bigint not null,
  set_at timestamptz not null,
  foreign key (project_id, tenant_id) references project (id, tenant_id),
  foreign key (set_by, tenant_id) references person (id, tenant_id)
);
create index agent_trust_newest on agent_trust (tenant_id, agent, verb, project_id, id desc);

-- A change of permissions: no statement on behalf of a person reads or writes it.
alter table agent_trust enable row level security;
alter table agent_trust force row level security;
create policy keeper on agent_trust to nova_keeper using (true) with check (true);
create policy wall on agent_trust
  using (tenant_id = (select nova_tenant()) and (select nova_service()))
  with check (tenant_id = (select nova_tenant()) and (select nova_service()));
revoke update, delete on agent_trust from nova_app;
