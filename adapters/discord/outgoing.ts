/** All that goes out to Discord, put together. Made once by index.ts. */
import type { Adapter, AdapterHost, MessageId, Pressed, Seal } from "#core";
import { createDirects } from "./direct.ts";
import { fetchFile } from "./fetch.ts";
import { createForgotten } from "./forgotten.ts";
import type { Handle } from "./handle.ts";
import { createLook } from "./look.ts";
import { answerPress, type ClickHandle } from "./press.ts";
import { createReconcile } from "./reconcile.ts";
import type { Rest } from "./rest.ts";
import { createSend, type SendDeps } from "./send.ts";
import { createShowing } from "./showing.ts";
import { tell, type Listener } from "./tell.ts";
import { createTries } from "./tries.ts";

export type OutgoingDeps = {
  readonly rest: Rest;
  readonly api: string;
  readonly application: string;
  /** That of the handles: the same in every process with this bot's token. */
  readonly seal: Seal;
  readonly host: Pick<AdapterHost, "agentName" | "clock" | "drafts" | "progress">;
};

export interface Outgoing extends Required<Pick<Adapter, "send" | "reconcile" | "fetch">> {
  /** Of a message that was stored just now: what it is answered with, so that work on it shows there. */
  heard(message: MessageId, handle: Handle): void;
  /** Shows what a click is answered with. "ok", or in a word why it is not shown. */
  pressed(click: ClickHandle, pressed: Pick<Pressed, "card">): Promise<string>;
  /** Private words about a message that opens no turn. "ok", or in a word why they were not told. */
  tell(listener: Listener, markdown: string): Promise<string>;
  stop(): void;
}

export function createOutgoing({ rest, api, application, seal, host }: OutgoingDeps): Outgoing {
  const forgotten = createForgotten();
  const directs = createDirects(rest);
  const tries = createTries();
  const showing = createShowing({ rest, forgotten, application, host });
  const deps: SendDeps = {
    rest,
    directs,
    forgotten,
    tries,
    look: createLook(rest, tries),
    application,
    seal,
    host,
    finish: (part) => showing.finish(part),
  };
  return {
    send: createSend(deps),
    reconcile: createReconcile(deps),
    fetch: (file, limits, signal) => fetchFile(file, limits, { rest, api }, signal),
    heard: (message, handle) => showing.heard(message, handle),
    pressed: (click, pressed) => answerPress(click, pressed, { rest, application }),
    tell: (listener, markdown) => tell(listener, markdown, { rest, directs, application }),
    stop: () => showing.stop(),
  };
}
