/** One turn at work, as it is shown where its reply will stand: at a pace that Discord takes. Made by showing.ts. */
import type { Address, AgentId, TurnId } from "#core";
import { mainCommand, type Handle } from "../handle.ts";
import { onCommand, onMessage, type Canvas, type CanvasDeps } from "./canvas.ts";
import { sightOf } from "./sight.ts";
import { createTyping, type Typing } from "./typing.ts";

export interface Preview {
  routed(agent: AgentId | null): void;
  told(line: string): void;
  written(draft: string): void;
  /** Nothing more is written. */
  close(): void;
  /** The same; resolves when nothing is under way, with the message of its own that shows it. */
  finish(): Promise<string | null>;
  /** Nothing came of it: a message of its own is taken away. Never rejects. */
  withdraw(): Promise<void>;
}

/** Between two writes of one message; Discord takes five in five seconds. Also what an answer may take unannounced. */
const PACE_MS = 1_200;
/** By then it is known what the turn's messages came with. */
const BEGIN_MS = 100;

type About = {
  readonly turn: TurnId;
  readonly address: Address;
  /** Those that are known by now. */
  readonly handles: () => readonly Handle[];
};

export function createPreview(about: About, deps: CanvasDeps): Preview {
  const seen = { name: "Nova", line: null as string | null, draft: "" };
  let isClosed = false;
  let canvas: Canvas | undefined;
  let typing: Typing | undefined;
  let shown = "";
  let due: NodeJS.Timeout | undefined;
  let leaving: NodeJS.Timeout | undefined;
  let notBefore = performance.now() + PACE_MS;
  let last: Promise<void> = Promise.resolve();

  const beginning = setTimeout(() => {
    const { turn, address } = about;
    const handles = about.handles();
    const command = mainCommand(handles);
    if (command) {
      canvas = onCommand(command, deps);
      leaving = setTimeout(ask, Math.max(0, canvas.lastsMs())).unref();
    } else if (address.root === null) {
      // A private answer among others shows in its command's reply or nowhere.
      const replyTo = handles.findLast((handle) => handle.kind === "mention")?.message ?? null;
      typing = createTyping(address.container, deps.rest);
      canvas = onMessage({ turn, channel: address.container, replyTo }, deps);
    }
    ask();
  }, BEGIN_MS).unref();

  function close(): void {
    isClosed = true;
    clearTimeout(beginning);
    clearTimeout(due);
    clearTimeout(leaving);
    typing?.stop();
  }

  function ask(): void {
    typing?.on();
    if (isClosed || due || !canvas) return;
    due = setTimeout(() => void (last = last.then(write).catch(close)), Math.max(0, notBefore - performance.now()));
    due.unref();
  }

  async function write(): Promise<void> {
    due = undefined;
    if (!isClosed && canvas && canvas.lastsMs() <= 0) {
      close();
      return canvas.leave();
    }
    const content = sightOf(seen);
    // Typing says as much as a message without words would.
    if (isClosed || !canvas || content === shown || (typing && seen.draft === "")) return;
    typing?.stop();
    const answer = await canvas.put(content);
    if (!answer) return close();
    notBefore = performance.now() + Math.max(PACE_MS, answer.kind === "later" ? answer.afterMs : 0);
    if (answer.kind === "done") shown = content;
    if (answer.kind === "later" || sightOf(seen) !== content) ask();
  }

  return {
    routed(agent) {
      if (agent !== null) seen.name = deps.host.agentName(agent);
      ask();
    },
    told(line) {
      seen.line = line;
      ask();
    },
    written(draft) {
      seen.draft = draft;
      ask();
    },
    close,
    async withdraw() {
      close();
      await last;
      await canvas?.withdraw().catch(() => undefined);
    },
    async finish() {
      close();
      await last;
      return (await canvas?.finish()) ?? null;
    },
  };
}
