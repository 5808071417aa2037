-- What an agent was handed is held to the trust of those that handed it on, as long as it waits; and it is known when a
-- schedule was taken back, by whatever way.

-- Agents in the order in which the wish went through their hands; empty: the person asked the agent itself.
alter table proposal add column handed_by text[] not null default '{}';

-- Null: it was not removed, or before this was noted.
alter table schedule add column removed_at timestamptz;
