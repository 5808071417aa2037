/** The line under a thread that tells what goes on, such as "is thinking…". Best effort. Used by turn-shown.ts. */
import type { Log } from "#core";
import type { SlackApi } from "../api.ts";
import type { Pause } from "../pause.ts";
import { createPacer } from "./pacer.ts";
import type { Rates } from "./rates.ts";

export type StatusDeps = {
  readonly api: SlackApi;
  readonly rates: Rates;
  readonly pause: Pause;
  readonly log: Log;
  readonly channel: string;
  readonly thread: string;
};

export interface Status {
  set(line: string): void;
  /** A message was sent there, which takes the line away. */
  gone(): void;
  /** Takes the line away if it is there. */
  end(): Promise<void>;
}

/** Slack takes the line away after two minutes without a message. */
const REFRESH_MS = 100_000;
/** Nobody believes in it for longer. */
const MOST_REFRESHES = 20;
const GAP_MS = 1_500;
const LONGEST = 100;

export function createStatus({ api, rates, pause, log, channel, thread }: StatusDeps): Status {
  let wanted = "";
  let shown = "";
  const over = new AbortController();

  const put = async (line: string): Promise<boolean> => {
    const status = { channel_id: channel, thread_ts: thread, status: line };
    const lines = line === "" ? {} : { loading_messages: [line] };
    const answer = await api.call((client) => client.assistant.threads.setStatus({ ...status, ...lines }));
    if (answer.kind !== "done") log.debug("slack.status_not_shown", { code: answer.code });
    return answer.kind === "done";
  };
  const pacer = createPacer(async () => {
    if (wanted === shown) return 0;
    const line = wanted;
    if (rates.take("assistant.threads.setStatus") > 0) return GAP_MS;
    if (await put(line)) shown = line;
    return GAP_MS;
  }, pause);

  const refresh = async (): Promise<void> => {
    for (let times = 0; times < MOST_REFRESHES && !over.signal.aborted; times += 1) {
      await pause(REFRESH_MS, over.signal);
      if (over.signal.aborted || shown === "") continue;
      shown = "";
      pacer.kick();
    }
  };
  let refreshing: Promise<void> | undefined;

  return {
    set(line) {
      wanted = line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line;
      refreshing ??= refresh();
      pacer.kick();
    },
    gone() {
      wanted = "";
      shown = "";
    },
    async end() {
      over.abort();
      await pacer.stop();
      if (shown !== "") await put("");
    },
  };
}
