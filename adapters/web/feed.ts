/** Who is looking, right now: every open tab by person, and what is pushed to all of them. */
import type { Log, PersonId } from "#core";
import type { FeedEvent } from "./event.ts";

/** One open tab. */
export interface Tab {
  readonly person: PersonId;
  /** The session it was opened with. */
  readonly token: string;
  /** Never throws and never waits. */
  show(event: FeedEvent): void;
  /** Something new stands in the transcript. Never throws and never waits. */
  look(): void;
  /** Called now and then: proves that the line is alive and fetches what was missed. */
  beat(): Promise<void>;
  close(): void;
}

export interface Feed {
  /** Returns the way to leave. Beyond `MAX_TABS` a person's oldest tab is closed. */
  join(tab: Tab): () => void;
  isWatched(person: PersonId): boolean;
  push(person: PersonId, event: FeedEvent): void;
  /** Every tab of this person reads on: another process stored or sent something. */
  look(person: PersonId): void;
  closeSession(token: string): void;
  count(): number;
  stop(): void;
}

const MAX_TABS = 24;

export function createFeed({ heartbeatMs, log }: { heartbeatMs: number; log: Log }): Feed {
  const tabs = new Map<PersonId, Set<Tab>>();
  const all = (): Tab[] => [...tabs.values()].flatMap((own) => [...own]);

  const heart = setInterval(() => {
    for (const tab of all()) {
      tab.beat().catch((error: unknown) => {
        // The database is away for a moment: the tab comes back with its cursor and misses nothing.
        log.warn("web.beat_failed", { person: tab.person, error: error instanceof Error ? error.name : "unknown" });
        tab.close();
      });
    }
  }, heartbeatMs);
  heart.unref();

  return {
    join(tab) {
      const own = tabs.get(tab.person) ?? new Set();
      tabs.set(tab.person, own.add(tab));
      const [oldest] = own;
      if (own.size > MAX_TABS) oldest?.close();
      return () => {
        own.delete(tab);
        if (own.size === 0 && tabs.get(tab.person) === own) tabs.delete(tab.person);
      };
    },
    isWatched: (person) => tabs.has(person),
    push(person, event) {
      for (const tab of tabs.get(person) ?? []) tab.show(event);
    },
    look(person) {
      for (const tab of tabs.get(person) ?? []) tab.look();
    },
    closeSession(token) {
      for (const tab of all().filter((open) => open.token === token)) {
        tab.show({ event: "signed-out", data: null });
        tab.close();
      }
    },
    count: () => all().length,
    stop() {
      clearInterval(heart);
      for (const tab of all()) {
        tab.show({ event: "restarting", data: null });
        tab.close();
      }
    },
  };
}
