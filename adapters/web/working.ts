/** What the running turns look like at this moment: told to tabs as it changes, and to a tab that opens in the middle. */
import { personId, type PersonId, type ProgressBus, type TurnId } from "#core";
import { nameOf, type Names, type Running } from "./event.ts";
import type { Feed } from "./feed.ts";
import { PLATFORM } from "./parse.ts";
import { toHtml } from "./render.ts";

export interface Working {
  of(person: PersonId): Running | null;
  /** The turn's reply is out. Its end is told as well, except by a process that was killed. */
  over(person: PersonId, turn: TurnId): void;
  stop(): void;
}

export type WorkingDeps = {
  readonly progress: ProgressBus;
  readonly feed: Pick<Feed, "isWatched" | "push" | "look">;
  readonly names: Names;
};

type State = {
  turn: TurnId;
  name: string | null;
  line: string | null;
  draft: string;
  due: NodeJS.Timeout | undefined;
  /** Milliseconds from one draft to the next. */
  pause: number;
};

/** Models speak faster than people read: drafts are shown at most this often, and a long one takes little of our time. */
const DRAFT_MS = 80;
const SHARE = 8;

export function createWorking({ progress, feed, names }: WorkingDeps): Working {
  const states = new Map<PersonId, State>();

  const show = (person: PersonId, state: State): void => {
    clearTimeout(state.due);
    state.due = undefined;
    if (!feed.isWatched(person)) return;
    const began = performance.now();
    feed.push(person, { event: "progress", data: running(state) });
    state.pause = Math.max(DRAFT_MS, SHARE * (performance.now() - began));
  };

  const end = (person: PersonId, turn: TurnId): void => {
    const known = states.get(person);
    if (known?.turn !== turn) return;
    clearTimeout(known.due);
    states.delete(person);
    feed.push(person, { event: "progress", data: { turn, ended: true } });
  };

  const unlisten = progress.listen((address, news) => {
    if (address.platform !== PLATFORM) return;
    const person = personId(address.container);
    if (news.kind === "said") return feed.look(person);
    if (news.kind === "ended") return end(person, news.turn);
    const known = states.get(person);
    const state = known?.turn === news.turn ? known : fresh(news.turn);
    if (known && known !== state) clearTimeout(known.due);
    states.set(person, state);
    switch (news.kind) {
      case "taken":
        return show(person, state);
      case "routed":
        state.name = nameOf(news.agent, names);
        return show(person, state);
      case "status":
        state.line = news.line;
        return show(person, state);
      case "draft":
        state.draft = news.text;
        state.due ??= setTimeout(() => show(person, state), state.pause).unref();
    }
  });

  return {
    of(person) {
      const state = states.get(person);
      return state ? running(state) : null;
    },
    over: end,
    stop() {
      unlisten();
      for (const { due } of states.values()) clearTimeout(due);
    },
  };
}

const fresh = (turn: TurnId): State => ({ turn, name: null, line: null, draft: "", due: undefined, pause: DRAFT_MS });

const running = ({ turn, name, line, draft }: State): Running => ({
  turn,
  name,
  line,
  html: draft === "" ? "" : toHtml(draft),
});
