/**
 * Shows a turn at work: in the reply that its command waits for, or by typing and a message that grows. Made by index.ts;
 * inbound/ tells it of handles, and whoever sends a part of ends.
 */
import type { AdapterHost, Address, MessageId, OutPart, Progress, TurnId } from "#core";
import type { Handle } from "../handle.ts";
import { PLATFORM } from "../platform.ts";
import type { CanvasDeps } from "./canvas.ts";
import { messageIn } from "./draft-note.ts";
import { createPreview, type Preview } from "./preview.ts";

export type ShowingDeps = CanvasDeps & {
  readonly host: Pick<AdapterHost, "progress">;
  /** How long after its end a turn's answer is waited for. */
  readonly silenceMs?: number;
};

export interface Showing {
  /** Of a message that was stored here just now: what answers it. */
  heard(message: MessageId, handle: Handle): void;
  /** Ends the showing of the part's turn; the message that shows its unfinished reply, null when there is none. */
  finish(part: Pick<OutPart, "turn" | "ordinal" | "draft">): Promise<string | null>;
  stop(): void;
}

/** Who is not answered by then was answered with silence. One that comes later is a new message. */
const SILENCE_MS = 2 * 60_000;
/** More than run or end at a time. */
const MOST = 1_000;

export function createShowing(deps: ShowingDeps): Showing {
  const handles = new Map<MessageId, Handle>();
  const previews = new Map<TurnId, Preview>();
  const expected = new Map<TurnId, NodeJS.Timeout>();

  const previewOf = (address: Address, news: Exclude<Progress, { kind: "said" }>): Preview => {
    const known = previews.get(news.turn);
    if (known && news.kind !== "taken") return known;
    known?.close();
    const messages = news.kind === "taken" ? news.messages : [];
    // A turn may be taken before whoever stored its message gets to tell of its handle.
    const own = () => messages.map((id) => handles.get(id)).filter((handle) => handle !== undefined);
    const made = createPreview({ turn: news.turn, address, handles: own }, deps);
    return kept(previews, news.turn, made);
  };

  const awaitAnswer = (turn: TurnId, preview: Preview): void => {
    const over = setTimeout(() => {
      expected.delete(turn);
      void preview.withdraw();
    }, deps.silenceMs ?? SILENCE_MS);
    over.unref();
    kept(expected, turn, over);
  };

  const unlisten = deps.host.progress.listen((address, news, here) => {
    if (address.platform !== PLATFORM || !here || news.kind === "said") return;
    if (news.kind === "ended") {
      const preview = previews.get(news.turn);
      preview?.close();
      if (preview) awaitAnswer(news.turn, preview);
      return;
    }
    const preview = previewOf(address, news);
    switch (news.kind) {
      case "taken":
        return;
      case "routed":
        return preview.routed(news.agent);
      case "status":
        return preview.told(news.line);
      case "draft":
        return preview.written(news.text);
    }
  });

  return {
    heard: (message, handle) => void kept(handles, message, handle),
    async finish({ turn, ordinal, draft }) {
      clearTimeout(expected.get(turn));
      expected.delete(turn);
      const preview = previews.get(turn);
      const shown = await preview?.finish();
      return ordinal === 0 ? (shown ?? messageIn(draft)) : null;
    },
    stop() {
      unlisten();
      for (const over of expected.values()) clearTimeout(over);
      for (const preview of previews.values()) preview.close();
    },
  };
}

function kept<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST && oldest !== undefined) map.delete(oldest);
  return value;
}
