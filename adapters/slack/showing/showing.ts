/** Shows in Slack what turns do while they work, from the progress of this process. Made by index.ts; send.ts ends it. */
import type { AdapterHost, Address, TurnId } from "#core";
import { commandUserOf } from "../address.ts";
import type { SlackApi } from "../api.ts";
import type { Pause } from "../pause.ts";
import { PLATFORM } from "../platform.ts";
import type { Askers } from "./askers.ts";
import type { DraftNote } from "./draft-note.ts";
import { createRates } from "./rates.ts";
import { createTurnShown, type TurnShown } from "./turn-shown.ts";

export type ShowingDeps = {
  readonly api: SlackApi;
  readonly askers: Pick<Askers, "of">;
  readonly host: Pick<AdapterHost, "progress" | "drafts" | "stop" | "agentName" | "clock" | "log">;
  readonly pause: Pause;
};

export interface Showing {
  /** Ends what is shown of the turn; the messages that showed its draft, or null when none did in this process. */
  finish(turn: TurnId): Promise<DraftNote | null>;
  stop(): Promise<void>;
}

const REMEMBERED = 500;

export function createShowing({ api, askers, host, pause }: ShowingDeps): Showing {
  const shows = new Map<TurnId, TurnShown>();
  const ends = new Map<TurnId, Promise<DraftNote>>();
  let isStreaming = true;
  const over = new AbortController();
  const deps = {
    api,
    host,
    pause,
    signal: over.signal,
    rates: createRates(host.clock),
    streams: { isOn: () => isStreaming, off: () => void (isStreaming = false) },
  };

  const showOf = (turn: TurnId, address: Address & { readonly root: string }): TurnShown => {
    const show = shows.get(turn) ?? createTurnShown(turn, address, deps);
    shows.set(turn, show);
    return show;
  };
  const end = (turn: TurnId): Promise<DraftNote> | undefined => {
    const show = shows.get(turn);
    if (!show) return ends.get(turn);
    shows.delete(turn);
    const ended = show.finish();
    ends.set(turn, ended);
    const [oldest] = ends.keys();
    if (ends.size > REMEMBERED && oldest !== undefined) ends.delete(oldest);
    return ended;
  };

  const leave = (turn: TurnId): void => {
    end(turn)?.catch((error: unknown) => host.log.error("slack.show_not_ended", error, { turn }));
  };

  const unlisten = host.progress.listen((address, news, here) => {
    if (!isShown(address) || news.kind === "said") return;
    const { turn } = news;
    if (!here) {
      // Another process has the turn now: it shows it from here on, and notes in which messages.
      leave(turn);
      ends.delete(turn);
      return;
    }
    switch (news.kind) {
      case "taken": {
        // A later take of it is shown anew, in the messages that were noted.
        ends.delete(turn);
        const show = showOf(turn, address);
        show.reader(askers.of(news.messages));
        return show.line("is thinking…");
      }
      case "routed":
        return showOf(turn, address).line(
          news.agent === null ? "is thinking…" : `is at work: ${host.agentName(news.agent)}…`,
        );
      case "status":
        return showOf(turn, address).line(news.line);
      case "draft":
        return showOf(turn, address).draft(news.text);
      case "ended":
        leave(turn);
    }
  });

  return {
    async finish(turn) {
      const note = await end(turn);
      return note === undefined || note.ts.length === 0 ? null : note;
    },
    async stop() {
      unlisten();
      over.abort();
      await Promise.allSettled([...shows.keys()].map(async (turn) => end(turn)));
    },
  };
}

/** Answers to commands are seen by one person when they are ready, and show nothing before. */
const isShown = (address: Address): address is Address & { readonly root: string } =>
  address.platform === PLATFORM && address.root !== null && commandUserOf(address) === undefined;
