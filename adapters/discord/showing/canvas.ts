/** Where an unfinished reply is shown, written over as it grows. Used by preview.ts. */
import { z } from "zod";
import type { AdapterHost, TurnId } from "#core";
import type { Answer } from "../answer.ts";
import { TOKEN_MS, type CommandHandle } from "../handle.ts";
import { bodyOf, newMessage, nonceOf } from "../message.ts";
import { editOriginal } from "../reply.ts";
import type { Rest } from "../rest.ts";
import type { Forgotten } from "../sending/forgotten.ts";
import { messageIn, noteOf } from "./draft-note.ts";

export type CanvasDeps = {
  readonly rest: Rest;
  readonly forgotten: Forgotten;
  readonly application: string;
  readonly host: Pick<AdapterHost, "agentName" | "clock" | "drafts">;
};

export interface Canvas {
  /** Undefined when nothing more can be shown here. */
  put(content: string): Promise<Answer | undefined>;
  /** In how many milliseconds it is to be left, because Discord closes it; not above 0 when that is now. */
  lastsMs(): number;
  /** Says where the reply will come instead. */
  leave(): Promise<void>;
  /** The message that shows it, when it is one of its own; null when there is none. */
  finish(): Promise<string | null>;
  /** Takes such a message away, unless it shows something else by now. */
  withdraw(): Promise<void>;
}

const HERE = "This takes longer than Discord waits. The answer will come as a message here.";
const DIRECTLY = "This takes longer than Discord waits. The answer will come as a direct message.";

/** The reply that a command was deferred with. */
export function onCommand(handle: CommandHandle, { rest, forgotten, application, host }: CanvasDeps): Canvas {
  async function put(content: string): Promise<Answer | undefined> {
    if (forgotten.has(handle)) return undefined;
    const answer = await rest.call(editOriginal(application, handle, bodyOf(content)));
    forgotten.note(handle, answer);
    return answer.kind === "refused" ? undefined : answer;
  }
  return {
    put,
    lastsMs: () => handle.at + TOKEN_MS - host.clock.now().getTime(),
    leave: async () => void (await put(handle.hidden || handle.visitor ? DIRECTLY : HERE)),
    finish: async () => null,
    withdraw: async () => undefined,
  };
}

type Place = { readonly turn: TurnId; readonly channel: string; readonly replyTo: string | null };

const posted = z.object({ id: z.string() });
const standing = z.object({ content: z.string() });

/** A message of our own, the same after a restart: it is noted where it stands. */
export function onMessage({ turn, channel, replyTo }: Place, { rest, host }: CanvasDeps): Canvas {
  const messages = `/channels/${channel}/messages` as const;
  let message: Promise<string | null> | undefined;
  let last: string | undefined;
  /** What was posted and may stand there already: the same nonce finds it. */
  let doubtful: string | undefined;
  const noted = (): Promise<string | null> => (message ??= host.drafts.of(turn).then(messageIn));

  async function open(content: string): Promise<Answer | undefined> {
    const body = newMessage(bodyOf(content), nonceOf("draft", turn, channel), replyTo);
    const answer = await rest.call({ method: "POST", route: messages, body });
    doubtful = answer.kind === "unknown" ? content : undefined;
    if (answer.kind === "refused") return undefined;
    const id = answer.kind === "done" ? posted.safeParse(answer.body).data?.id : undefined;
    if (id === undefined) return answer;
    if (await host.drafts.note(turn, noteOf(id))) {
      message = Promise.resolve(id);
      return answer;
    }
    // Taken over by another process, which the same nonce led to the same message: it goes on there.
    if (messageIn(await host.drafts.of(turn)) === id) return undefined;
    // The reply is settled already and goes its own way.
    await rest.call({ method: "DELETE", route: `${messages}/${id}` });
    return undefined;
  }

  return {
    async put(content) {
      last = content;
      const id = await noted();
      if (id === null) return open(content);
      const answer = await rest.call({ method: "PATCH", route: `${messages}/${id}`, body: bodyOf(content) });
      if (answer.kind !== "refused") return answer;
      // Somebody took it away, and it is not put there again.
      if (answer.status === 404) message = Promise.resolve(null);
      return undefined;
    },
    lastsMs: () => Infinity,
    leave: async () => undefined,
    async finish() {
      if (doubtful !== undefined) await open(doubtful);
      return message ?? null;
    },
    async withdraw() {
      const id = (await message) ?? null;
      if (id === null) return;
      const route = `${messages}/${id}` as const;
      const answer = await rest.call({ method: "GET", route });
      // Another process may have written the answer into it.
      const content = answer.kind === "done" ? standing.safeParse(answer.body).data?.content : undefined;
      if (content === last) await rest.call({ method: "DELETE", route });
    },
  };
}
