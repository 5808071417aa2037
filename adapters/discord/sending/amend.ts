/** Writes over a message of our own that is not true any more, words and buttons. Called first by send.ts. */
import type { AdapterHost, OutPart, SendResult } from "#core";
import { codeOf, type Answer } from "../answer.ts";
import { isCommand, isFresh, mainCommand, type Handle } from "../handle.ts";
import { partBody, whole } from "../message.ts";
import { userOf } from "../platform.ts";
import type { Call, Rest } from "../rest.ts";
import type { Directs } from "./direct.ts";
import type { Forgotten } from "./forgotten.ts";

export type AmendDeps = {
  readonly rest: Rest;
  readonly directs: Directs;
  readonly forgotten: Forgotten;
  readonly application: string;
  readonly host: Pick<AdapterHost, "agentName" | "clock">;
};

/** Ids of Discord's have their time in front; a shorter number is none. */
const MESSAGE = /^\d{15,20}$/;

/** Undefined for a part that replaces nothing. What cannot be replaced any more is no loss, and counts as done. */
export async function amended(
  part: OutPart,
  handles: readonly Handle[],
  deps: AmendDeps,
  signal: AbortSignal,
): Promise<SendResult | undefined> {
  const { amends: message } = part;
  if (message === null) return undefined;
  const done: SendResult = { kind: "sent", externalId: message };
  if (!MESSAGE.test(message)) return done;
  for (const route of routesTo(message, part, handles, deps)) {
    const answer = await write(await route(signal), part, deps, signal);
    const result = resultOf(answer, done);
    if (result) return result;
  }
  return done;
}

type Route = Pick<Call, "route" | "auth">;
type Way = (signal: AbortSignal) => Promise<Route | Exclude<Answer, { kind: "done" }>>;

/** As a message of the channel, and where only a token reaches it, by that: what one person alone sees first so. */
function routesTo(
  message: string,
  { address }: OutPart,
  handles: readonly Handle[],
  { application, directs, forgotten, host }: AmendDeps,
): readonly Way[] {
  const now = host.clock.now();
  const command = mainCommand(
    handles.filter((handle) => isCommand(handle) && isFresh(handle, now) && !forgotten.has(handle)),
  );
  const byToken: readonly Way[] = command
    ? [async () => ({ route: `/webhooks/${application}/${command.token}/messages/${message}`, auth: false })]
    : [];
  const inChannel = (channel: string): Route => ({ route: `/channels/${channel}/messages/${message}` });
  const user = userOf(address.root);
  if (user === null) return [async () => inChannel(address.container), ...byToken];
  const direct: Way = async (signal) => {
    const channel = await directs.with(user, signal);
    if (typeof channel === "string") return inChannel(channel);
    // Nothing of the part has left.
    return channel.kind === "unknown" ? { kind: "unsent", code: channel.code } : channel;
  };
  return [...byToken, direct];
}

async function write(to: Route | Answer, part: OutPart, { rest, host }: AmendDeps, signal: AbortSignal) {
  if ("kind" in to) return to;
  return rest.call({ method: "PATCH", ...to, body: whole(partBody(part, host)) }, signal);
}

/** Undefined when it may stand where another way leads. */
function resultOf(answer: Answer, done: SendResult): SendResult | undefined {
  const code = codeOf(answer);
  switch (answer.kind) {
    case "done":
      return done;
    case "refused":
      // A wrong bot token is mended by whoever runs this.
      return answer.status === 401 && answer.code === 0 ? { kind: "not_sent", retry: true, code } : undefined;
    case "later":
      return { kind: "not_sent", retry: true, afterMs: answer.afterMs, code };
    case "unsent":
      return { kind: "not_sent", retry: true, code };
    case "unknown":
      return { kind: "unknown", code };
  }
}
