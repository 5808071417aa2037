/** One turn's unfinished reply in one place, written over as it grows. Made by showing.ts. */
import type { AdapterHost, Address, AgentId, TurnId } from "#core";
import { z } from "zod";
import type { Answer } from "./answer.ts";
import { messageIn, noteOf, sightOf } from "./draft.ts";
import type { Forgotten } from "./forgotten.ts";
import { editOriginal } from "./send.ts";
import type { CommandHandle, Handle } from "./handle.ts";
import { bodyOf, nonceOf } from "./message.ts";
import type { Rest } from "./rest.ts";
import { isFresh, mainCommand } from "./ways.ts";

export type PreviewDeps = {
  readonly rest: Rest;
  readonly forgotten: Forgotten;
  readonly application: string;
  readonly host: Pick<AdapterHost, "agentName" | "clock" | "drafts">;
};

export interface Preview {
  routed(agent: AgentId | null): void;
  told(line: string): void;
  written(draft: string): void;
  /** Nothing more is written. */
  close(): void;
  /** The same; resolves when nothing is under way, with the message that shows it. */
  finish(): Promise<string | null>;
}

/** Between two writes of one message; Discord takes five in five seconds. */
const PACE_MS = 1_200;
/** Typing is seen for ten seconds. */
const TYPING_MS = 8_000;
/** A turn of which nothing is heard this long is at work elsewhere, or not at all. */
const QUIET_MS = 5 * 60_000;

const posted = z.object({ id: z.string() });

type About = { readonly turn: TurnId; readonly address: Address; readonly handles: readonly Handle[] };

export function createPreview({ turn, address, handles }: About, deps: PreviewDeps): Preview {
  const { rest, forgotten, application, host } = deps;
  const command = mainCommand(handles);
  const mention = handles.findLast((handle) => handle.kind === "mention")?.message;
  /** A private answer shows in its own reply or nowhere. */
  const isOpen = command === undefined && address.root === null;
  const seen = { name: "Nova", line: null as string | null, draft: "" };
  const channel = address.container;

  let isClosed = false;
  let message: string | null = null;
  /** It may stand there already: the same nonce finds it. */
  let isInDoubt = false;
  let shown = "";
  let due: NodeJS.Timeout | undefined;
  let notBefore = performance.now() + (isOpen ? 0 : PACE_MS);
  let heardAt = performance.now();
  let last: Promise<unknown> = isOpen ? host.drafts.of(turn).then(takeUp, giveUp) : Promise.resolve();
  let typing: NodeJS.Timeout | undefined;

  function takeUp(note: string | null): void {
    message = messageIn(note);
  }
  function giveUp(): void {
    close();
  }

  function close(): void {
    isClosed = true;
    clearTimeout(due);
    clearInterval(typing);
  }

  function ask(): void {
    heardAt = performance.now();
    if (isClosed || due) return;
    due = setTimeout(
      () => {
        last = last.then(write).catch(giveUp);
      },
      Math.max(0, notBefore - performance.now()),
    ).unref();
  }

  async function write(): Promise<void> {
    due = undefined;
    if (isClosed) return;
    const content = sightOf(seen);
    if (content === shown) return;
    shown = content;
    const answer = command ? await overCommand(command, content) : await overMessage(content);
    notBefore = performance.now() + (answer?.kind === "later" ? Math.max(PACE_MS, answer.afterMs) : PACE_MS);
    if (answer && answer.kind !== "done") shown = "";
    if (answer?.kind === "later" || (answer?.kind === "done" && sightOf(seen) !== shown)) ask();
  }

  async function overCommand(handle: CommandHandle, content: string): Promise<Answer | undefined> {
    if (forgotten.has(handle) || !isFresh(handle, host.clock.now())) {
      close();
      return undefined;
    }
    const answer = await rest.call(editOriginal(application, handle, bodyOf(content)));
    forgotten.note(handle, answer);
    if (answer.kind === "refused") close();
    return answer;
  }

  async function overMessage(content: string): Promise<Answer | undefined> {
    if (seen.draft === "") return undefined;
    stopTyping();
    if (message !== null) {
      const route = `/channels/${channel}/messages/${message}` as const;
      const answer = await rest.call({ method: "PATCH", route, body: bodyOf(content) });
      if (answer.kind === "refused") {
        // Somebody took it away, and it is not put there again.
        if (answer.status === 404) message = null;
        close();
      }
      return answer;
    }
    return open(content);
  }

  async function open(content: string): Promise<Answer> {
    const reference = { message_reference: { type: 0, message_id: mention, fail_if_not_exists: false } };
    const body = {
      ...bodyOf(content),
      allowed_mentions: { parse: [], replied_user: false },
      nonce: nonceOf("draft", turn, address.container),
      enforce_nonce: true,
      ...(mention === undefined ? {} : reference),
    };
    const answer = await rest.call({ method: "POST", route: `/channels/${channel}/messages`, body });
    isInDoubt = answer.kind === "unknown";
    if (answer.kind === "refused") close();
    const id = answer.kind === "done" ? posted.safeParse(answer.body).data?.id : undefined;
    if (id === undefined) return answer;
    message = id;
    if (await host.drafts.note(turn, noteOf(id))) return answer;
    // The reply is settled already and goes its own way.
    await rest.call({ method: "DELETE", route: `/channels/${channel}/messages/${id}` });
    message = null;
    close();
    return answer;
  }

  async function type(): Promise<void> {
    if (performance.now() - heardAt > QUIET_MS) return stopTyping();
    const answer = await rest.call({ method: "POST", route: `/channels/${channel}/typing` });
    if (answer.kind === "refused") stopTyping();
  }
  function stopTyping(): void {
    clearInterval(typing);
    typing = undefined;
  }
  if (isOpen) {
    typing = setInterval(() => void type(), TYPING_MS).unref();
    void type();
  }

  return {
    routed(agent) {
      if (agent !== null) seen.name = host.agentName(agent);
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
    async finish() {
      close();
      await last;
      if (isInDoubt && message === null) await open(shown === "" ? sightOf(seen) : shown);
      return message;
    },
  };
}
