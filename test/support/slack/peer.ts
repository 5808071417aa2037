/**
 * A Slack on the loopback interface, true to the protocol: Web API over emulate's Slack, Socket Mode, signed requests,
 * response URLs and files. Started by tests of the Slack adapter.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock, type Clock } from "#core";
import { createAssistant } from "./assistant.ts";
import { chatMethods, type Ephemeral } from "./chat.ts";
import {
  changedEvent,
  clickEnvelope,
  deletedEvent,
  eventEnvelope,
  mentionEvent,
  messageEvent,
  slashEnvelope,
  submitEnvelope,
  type Envelope,
} from "./envelope.ts";
import { openFileHost, type Upload } from "./file-host.ts";
import { createJournal, type Fault } from "./journal.ts";
import type { Methods } from "./method.ts";
import { createModals } from "./modals.ts";
import { createResponseUrls } from "./response-urls.ts";
import { sendSigned, type Forgery } from "./signed-sender.ts";
import { openSocketServer, type Ack, type Retry } from "./socket-server.ts";
import { createStreams } from "./streams.ts";
import { answerMethod, bodyOf, fail, goodTokens, json } from "./web-api.ts";
import { BOT, openWorkspace, TOKENS, type Json } from "./workspace.ts";

/** Something that was delivered. */
export type Delivery = {
  readonly channel: string;
  /** Of the message, where it is one. */
  readonly ts: string;
  /** Root of its thread: of the message itself when it began one. */
  readonly root: string;
  readonly envelope: Envelope;
  /** Resolves once Nova has acknowledged; over sockets that may be never. */
  readonly acked: Promise<Ack>;
};

export type SlackPeer = Awaited<ReturnType<typeof startSlackPeer>>;

/** `people` live in the workspace in place of those of every test. */
export async function startSlackPeer({
  clock = systemClock,
  people,
}: { readonly clock?: Clock; readonly people?: readonly string[] } = {}) {
  const workspace = await openWorkspace(people);
  const { team, users } = workspace;
  const journal = createJournal();
  const good = goodTokens();
  const ephemerals: Ephemeral[] = [];
  const assistant = createAssistant();
  const streams = createStreams(workspace, clock, (channel, thread) => assistant.wasPosted(channel, thread));
  const modals = createModals(clock);
  const responseUrls = createResponseUrls(workspace, clock, ephemerals);
  let origin = "";
  const files = await openFileHost(() => origin, TOKENS.bot);
  let target: string | undefined;

  const methods: Methods = {
    ...chatMethods(workspace, streams, ephemerals),
    ...streams.methods,
    ...assistant.methods,
    ...modals.methods,
    ...files.methods,
    "apps.connections.open": async () => ({
      ok: true,
      url: `${origin.replace("http:", "ws:")}/link/?ticket=${sockets.ticket()}&app_id=${BOT.app}`,
    }),
  };
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path.startsWith("/api/")) {
      void answerMethod(request, response, { workspace, journal, methods, good }).catch(() => request.socket.destroy());
    } else if (path.startsWith("/response/")) {
      void (async () => {
        const body = JSON.parse((await bodyOf(request)) || "{}") as Json;
        journal.calls.push({ method: "response_url", args: body, token: null, at: performance.now() });
        const fault = journal.fault("response_url");
        if (fault && fault !== "drop") return fail(request, response, fault);
        const { status, body: answer } = await responseUrls.use(path, body);
        if (fault) return fail(request, response, fault);
        if (typeof answer === "string") response.writeHead(status).end(answer);
        else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
      })().catch(() => request.socket.destroy());
    } else if (!files.serve(request, response)) json(response.writeHead(404), {});
  });
  const sockets = openSocketServer(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const idOf = (user: string): string => users[user] ?? user;
  const nameOf = (user: string): string => Object.keys(users).find((name) => users[name] === idOf(user)) ?? user;
  const roomOf = (channel: string): string => workspace.channels[channel] ?? channel;
  const kindOf = (channel: string): string => ({ D: "im", G: "mpim" })[channel[0] ?? ""] ?? "channel";

  const deliver = (envelope: Envelope, options: { retry?: Retry; forgery?: Forgery } = {}): Promise<Ack> =>
    target === undefined
      ? sockets.deliver(envelope, options.retry)
      : sendSigned(target, envelope, { now: clock.now(), ...options });
  const event = (body: Json, lost = false): { envelope: Envelope; acked: Promise<Ack> } => {
    const envelope = eventEnvelope(team, body);
    return { envelope, acked: lost ? new Promise(() => {}) : deliver(envelope) };
  };
  type Options = {
    readonly thread?: string;
    readonly files?: readonly Upload[];
    readonly ts?: string;
    /** Said, and its first delivery lost on the way: `redeliver` brings it. */
    readonly lost?: boolean;
  };
  const say = async (user: string, channel: string, text: string, { thread, files: uploads, ts }: Options) => {
    const at = ts ?? (await workspace.say(idOf(user), channel, text, thread))["ts"];
    const attached = uploads?.map((upload) => files.add(idOf(user), upload));
    return { user: idOf(user), channel, text, ts: at, team, thread, files: attached };
  };
  const asked = async (channel: string, ts: string): Promise<Json> => {
    const { messages = [] } = await workspace.call("conversations.replies", { channel, ts });
    const found = (messages as Json[]).find((message) => message["ts"] === ts);
    return found ?? { ts, text: "", user: "" };
  };

  return {
    origin,
    /** The address of the Web API, as SLACK_API_URL takes it. */
    url: `${origin}/api/`,
    team,
    users,
    channels: workspace.channels,
    bot: BOT,
    tokens: TOKENS,
    good,
    env: (mode: "socket" | "http"): Record<string, string> => ({
      SLACK_MODE: mode,
      SLACK_API_URL: `${origin}/api/`,
      SLACK_BOT_TOKEN: TOKENS.bot,
      ...(mode === "socket" ? { SLACK_APP_TOKEN: TOKENS.app } : { SLACK_SIGNING_SECRET: TOKENS.signing }),
    }),
    /** From now on all is posted there, signed; without an address it goes by Socket Mode. */
    deliverTo: (url: string | undefined): void => void (target = url),
    account: (user: string): string => `slack:${team}/${idOf(user)}`,
    direct: (user: string): Promise<string> => workspace.direct(idOf(user)),

    async dm(user: string, text: string, options: Options = {}): Promise<Delivery> {
      const said = await say(user, await workspace.direct(idOf(user)), text, options);
      const { channel, ts, thread } = said;
      return { channel, ts, root: thread ?? ts, ...event(messageEvent(said, "im"), options.lost) };
    },
    /** The text is put behind a mention of the bot unless it holds one. Slack tells it twice: `alone` leaves the message away. */
    async mention(channel: string, user: string, text: string, options: Options & { alone?: boolean } = {}) {
      const words = text.includes(`<@${BOT.user}`) ? text : `<@${BOT.user}> ${text}`;
      const said = await say(user, roomOf(channel), words, options);
      const mention = event(mentionEvent(said), options.lost);
      const message = options.alone ? undefined : event(messageEvent(said, kindOf(said.channel)), options.lost);
      return { channel: said.channel, ts: said.ts, root: said.thread ?? said.ts, ...mention, message };
    },
    /** A message in a channel that mentions nobody. */
    async post(channel: string, user: string, text: string, options: Options = {}): Promise<Delivery> {
      const said = await say(user, roomOf(channel), text, options);
      const body = messageEvent(said, kindOf(said.channel));
      return { channel: said.channel, ts: said.ts, root: said.thread ?? said.ts, ...event(body, options.lost) };
    },
    edit({ channel, ts, envelope }: Delivery, text: string): { envelope: Envelope; acked: Promise<Ack> } {
      const before = { ...envelope.payload["event"], type: "message" };
      const after = { ...before, text, edited: { user: before["user"], ts: `${Number(ts) + 1}` } };
      return event(changedEvent(channel, kindOf(channel), after, before));
    },
    remove({ channel, envelope }: Delivery): { envelope: Envelope; acked: Promise<Ack> } {
      return event(deletedEvent(channel, kindOf(channel), { ...envelope.payload["event"], type: "message" }));
    },
    /** Any event, in the platform's own shape. */
    event,
    async slash(user: string, text: string, channel = "lab", command = "/nova"): Promise<Delivery> {
      const room = channel === "direct" ? await workspace.direct(idOf(user)) : roomOf(channel);
      const responseUrl = origin + responseUrls.issue(room, idOf(user));
      const envelope = slashEnvelope({
        team,
        user: idOf(user),
        name: nameOf(user),
        channel: room,
        text,
        responseUrl,
        command,
      });
      const acked = deliver(envelope).then((ack) => {
        if (ack.body["text"])
          ephemerals.push({
            channel: room,
            user: idOf(user),
            text: ack.body["text"],
            blocks: ack.body["blocks"] ?? [],
            thread: null,
            via: "ack",
          });
        return ack;
      });
      return { channel: room, ts: "", root: `@${idOf(user)}`, envelope, acked };
    },
    /** A click on a button of a message, found by the beginning of its action id or value. */
    click(user: string, message: Json, action: string, { ephemeral = false } = {}) {
      const buttons = ((message["blocks"] ?? []) as Json[]).flatMap((block) => (block["elements"] ?? []) as Json[]);
      const button = buttons.find((one) => one["value"]?.startsWith(action) || one["action_id"]?.startsWith(action));
      if (!button) throw new Error(`the message has no button ${action}`);
      const { action_id, value, text } = button;
      const channel: string = message["channel"];
      const responseUrl = origin + responseUrls.issue(channel, idOf(user));
      const envelope = clickEnvelope({
        team,
        user: idOf(user),
        name: nameOf(user),
        channel,
        message: ephemeral ? { ts: message["ts"] ?? "1.2" } : message,
        action: { action_id, value, text, block_id: "b" },
        ephemeral,
        responseUrl,
      });
      modals.issue(envelope.payload["trigger_id"], idOf(user));
      return { envelope, acked: deliver(envelope) };
    },
    /** Forms that were opened, with whom. */
    modals: modals.open,
    /** Sends a form that is open, with these fields changed. */
    submit(user: string, view: Json, changes: Readonly<Record<string, string>> = {}) {
      const values = modals.filled(view, changes);
      const envelope = submitEnvelope({ team, user: idOf(user), name: nameOf(user), view, values });
      return { envelope, acked: deliver(envelope) };
    },
    /** As the reader does beside a message that is being written. */
    stopStream: (channel: string): void => streams.stop(channel),
    /** All of a channel, oldest first, threads included. */
    async messages(channel: string): Promise<readonly Json[]> {
      const room = roomOf(channel);
      const { messages = [] } = await workspace.call("conversations.history", { channel: room, limit: 1_000 });
      const roots = new Set((messages as Json[]).map(({ ts }) => ts));
      const whole = await Promise.all(
        [...roots].map(
          async (ts) => (await workspace.call("conversations.replies", { channel: room, ts }))["messages"],
        ),
      );
      return whole
        .flat()
        .toSorted((a: Json, b: Json) => (a["ts"] < b["ts"] ? -1 : 1))
        .map((message: Json) => ({ ...message, channel: room }));
    },
    /** Those of them that the bot wrote. */
    async replies(channel: string): Promise<readonly Json[]> {
      return (await this.messages(channel)).filter(({ user }) => user === BOT.user);
    },
    message: asked,
    ephemerals: ephemerals as readonly Ephemeral[],
    responses: responseUrls.answers,
    statuses: assistant.statuses as readonly (typeof assistant.statuses)[number][],
    prompts: assistant.prompts as readonly (typeof assistant.prompts)[number][],
    titles: assistant.titles as readonly Json[],
    streams: streams.all,
    files,
    next: (method: string, ...faults: readonly Fault[]): void => journal.next(method, ...faults),
    calls: journal.of,
    /** A delivery once more, as Slack does when it saw no ack. */
    redeliver: ({ envelope }: { readonly envelope: Envelope }, retry?: Retry): Promise<Ack> =>
      deliver(envelope, retry ? { retry } : {}),
    deliver,
    sockets,
    refresh: (): void => sockets.disconnect("refresh_requested"),
    mute: (): void => sockets.mute(),
    unmute: (): void => sockets.unmute(),
    async close(): Promise<void> {
      sockets.close();
      server.closeAllConnections();
      await Promise.all([new Promise((done) => server.close(done)), files.close(), workspace.close()]);
    },
  };
}
