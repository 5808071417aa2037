/** What one turn shows while it works: its status line and its growing reply. Made and fed by showing.ts. */
import type { AdapterHost, Address, ExternalId, TurnId } from "#core";
import type { SlackApi } from "../api.ts";
import type { Pause } from "../pause.ts";
import { readNote, writeNote, type DraftNote } from "./draft-note.ts";
import type { DraftView, Noted, Shown } from "./draft-view.ts";
import { createEdits } from "./edits.ts";
import { findLostDraft } from "./lost-draft.ts";
import { takeAway } from "./orphan.ts";
import { createPacer } from "./pacer.ts";
import type { Rates } from "./rates.ts";
import { createStatus } from "./status.ts";
import { createStream } from "./stream.ts";

export type TurnShownDeps = {
  readonly api: SlackApi;
  readonly rates: Rates;
  readonly pause: Pause;
  readonly host: Pick<AdapterHost, "drafts" | "stop" | "clock" | "log">;
  /** False as soon as Slack said that it streams nothing here. */
  readonly streams: { isOn(): boolean; off(): void };
  /** Aborts when this process goes. */
  readonly signal: AbortSignal;
};

export interface TurnShown {
  reader(reader: ExternalId | undefined): void;
  line(text: string): void;
  draft(text: string): void;
  /** Shows nothing more, and tells which messages showed the draft. */
  finish(): Promise<DraftNote>;
}

export function createTurnShown(
  turn: TurnId,
  address: Address & { readonly root: string },
  deps: TurnShownDeps,
): TurnShown {
  const { api, rates, pause, host } = deps;
  const at = { api, rates, channel: address.container, thread: address.root };
  const status = createStatus({ ...at, pause, log: host.log });
  let reader: ExternalId | undefined;
  let newest = "";
  let view: DraftView | undefined;
  let isOver = false;
  /** A message that was begun before the turn ended, and is there since. */
  let orphan: string | undefined;

  const note = async (more: Pick<DraftNote, "begun"> = {}): Promise<Noted> => {
    try {
      if (!view) return "failed";
      return (await host.drafts.note(turn, writeNote({ ...view.note(), ...more }))) ? "noted" : "refused";
    } catch (error) {
      host.log.error("slack.draft_not_noted", error, { turn });
      return "failed";
    }
  };
  const onBegin = (): Promise<Noted> => note({ begun: host.clock.now().getTime() });
  const onMessage = async (added?: string): Promise<Noted> => {
    status.gone();
    const noted = await note();
    if (noted === "refused") orphan = added;
    return noted;
  };
  const viewDeps = () => ({ ...at, turn, clock: host.clock, reader, isOver: () => isOver, onBegin, onMessage });

  /** Nobody noted the message: whoever delivers the reply may not know of it. */
  const leave = async (current: DraftView, ts: string): Promise<void> => {
    orphan = undefined;
    await current.close();
    void takeAway(ts, { ...at, turn, pause, signal: deps.signal }).catch((error: unknown) =>
      host.log.error("slack.draft_not_taken_away", error, { turn }),
    );
  };

  /** An earlier process may have begun to show it: it goes on there. */
  const open = async (): Promise<DraftView> => {
    const noted = await whole(readNote(await host.drafts.of(turn)));
    if (noted.ts.length > 0 || !deps.streams.isOn()) return createEdits(viewDeps(), noted);
    return createStream(viewDeps(), () => deps.streams.off());
  };

  /** With the message that was begun there and not noted any more. */
  const whole = async ({ begun, ...noted }: DraftNote): Promise<DraftNote> => {
    const lost = begun === undefined ? undefined : await findLostDraft(viewDeps(), "either", begun);
    if (lost === undefined || noted.ts.includes(lost)) return noted;
    return { ts: [...noted.ts, lost], streaming: true };
  };

  const pacer = createPacer(async () => {
    if (isOver) return 0;
    try {
      view ??= await open();
      const shown = await view.show(newest);
      if (orphan !== undefined) await leave(view, orphan);
      return after(shown, view);
    } catch (error) {
      host.log.error("slack.draft_not_shown", error, { turn });
      isOver = true;
      return 0;
    }
  }, pause);

  function after(shown: Shown, current: DraftView): number {
    switch (shown.kind) {
      case "shown":
        return current.gap;
      case "wait":
        pacer.kick();
        return shown.ms;
      case "broken":
        view = createEdits(viewDeps(), current.note());
        pacer.kick();
        return view.gap;
      case "stopped":
        isOver = true;
        void host.stop(turn).catch((error: unknown) => host.log.error("slack.stop_failed", error, { turn }));
        return 0;
      case "over":
        isOver = true;
        return 0;
    }
  }

  return {
    reader: (who) => void (reader ??= who),
    line: (text) => status.set(text),
    draft(text) {
      newest = text;
      if (!isOver) pacer.kick();
    },
    async finish() {
      isOver = true;
      void status.end().catch((error: unknown) => host.log.error("slack.status_failed", error));
      await pacer.stop();
      await view?.close();
      return view?.note() ?? { ts: [], streaming: false };
    },
  };
}
