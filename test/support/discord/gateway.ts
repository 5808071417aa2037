/** The gateway: sessions that say hello, identify, beat, break and resume, and get what their intents allow. */
import { GatewayIntentBits as Intent, GatewayOpcodes as Op } from "discord-api-types/v10";
import type { Server } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import type { Json, World } from "./world.ts";

const PRIVILEGED = Intent.MessageContent | Intent.GuildMembers | Intent.GuildPresences;

type Session = {
  readonly id: string;
  readonly intents: number;
  seq: number;
  readonly log: { readonly t: string; readonly d: Json; readonly s: number }[];
  socket: WebSocket | null;
};

export interface Gateway {
  /** To every session with one of these intents; 0 goes to all. `d` may look at the session's intents. */
  dispatch(t: string, needs: number, d: (intents: number) => Json): void;
  /** Breaks every connection; with a code in Discord's words. What happens meanwhile is replayed to who resumes. */
  drop(code?: number): void;
  /** Connections that are open now get no answer to their heartbeats and no events, though they stay open. */
  mute(): void;
  /** Asks every client to come again (op 7). */
  reconnect(): void;
  /** Tells every client that its session is over (op 9). */
  invalidate(resumable?: boolean): void;
  /** Resuming is refused from now on (op 9), as after too long a break. */
  forget(): void;
  /** Who identifies from now on is closed with this code; null: welcome again. */
  refuse(code: number | null): void;
  /** The next who resumes gets so many events again that it had already. */
  overlap(events: number): void;
  readonly counts: { identified: number; resumed: number; beats: number };
  /** What the last one to identify asked to be told. */
  intents(): number;
  /** Sessions with an open connection that gets events. */
  open(): number;
  close(): void;
}

export function createGateway(server: Server, world: World, heartbeatMs: number): Gateway {
  const wss = new WebSocketServer({ server });
  const sessions = new Map<string, Session>();
  const muted = new WeakSet<WebSocket>();
  const counts = { identified: 0, resumed: 0, beats: 0 };
  let refusal: number | null = null;
  let overlap = 0;
  let intentsNow = 0;

  const send = (socket: WebSocket, payload: Json): void => {
    if (!muted.has(socket) && socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload));
  };
  const event = (session: Session, t: string, d: Json): void => {
    session.seq += 1;
    session.log.push({ t, d, s: session.seq });
    if (session.socket) send(session.socket, { op: Op.Dispatch, t, s: session.seq, d });
  };
  const everyone = (act: (socket: WebSocket, session: Session) => void): void => {
    for (const session of sessions.values()) if (session.socket) act(session.socket, session);
  };

  wss.on("connection", (socket) => {
    let session: Session | undefined;
    send(socket, { op: Op.Hello, t: null, s: null, d: { heartbeat_interval: heartbeatMs } });
    socket.on("message", (data: Buffer) => {
      const { op, d }: { op: number; d: Json } = JSON.parse(data.toString("utf8"));
      if (op === Op.Heartbeat) {
        counts.beats += 1;
        send(socket, { op: Op.HeartbeatAck, t: null, s: null, d: null });
      } else if (op === Op.Identify) session = identify(socket, d) ?? session;
      else if (op === Op.Resume) session = resume(socket, d) ?? session;
      else if (op !== Op.PresenceUpdate && op !== Op.VoiceStateUpdate) socket.close(4001, "Unknown opcode.");
    });
    socket.on("close", () => {
      if (session?.socket === socket) session.socket = null;
    });
    socket.on("error", () => undefined);
  });

  function identify(socket: WebSocket, d: Json): Session | undefined {
    const intents = Number(d["intents"]);
    if (d["token"] !== world.token) socket.close(4004, "Authentication failed.");
    else if (refusal !== null) socket.close(refusal);
    else if (!Number.isInteger(intents)) socket.close(4013, "Invalid intent(s).");
    else if (intents & PRIVILEGED) socket.close(4014, "Disallowed intent(s).");
    else {
      intentsNow = intents;
      const session: Session = { id: world.id(), intents, seq: 0, log: [], socket };
      sessions.set(session.id, session);
      event(session, "READY", {
        v: 10,
        user: world.bot,
        guilds: [{ id: world.guild.id, unavailable: true }],
        session_id: session.id,
        resume_gateway_url: world.origin.replace("http", "ws"),
        session_type: "normal",
        private_channels: [],
        application: { id: world.application.id, flags: 0 },
        shard: [0, 1],
      });
      if (intents & Intent.Guilds) event(session, "GUILD_CREATE", guildJson(world));
      counts.identified += 1;
      return session;
    }
    return undefined;
  }

  function resume(socket: WebSocket, d: Json): Session | undefined {
    const session = sessions.get(String(d["session_id"]));
    if (d["token"] !== world.token) socket.close(4004, "Authentication failed.");
    else if (!session || Number(d["seq"]) > session.seq)
      send(socket, { op: Op.InvalidSession, t: null, s: null, d: false });
    else {
      session.socket?.terminate();
      session.socket = socket;
      const from = Number(d["seq"]) - overlap;
      overlap = 0;
      for (const { t, d: missed, s } of session.log.filter((each) => each.s > from))
        send(socket, { op: Op.Dispatch, t, s, d: missed });
      event(session, "RESUMED", {});
      counts.resumed += 1;
      return session;
    }
    return undefined;
  }

  return {
    counts,
    dispatch(t, needs, d) {
      for (const session of sessions.values())
        if (needs === 0 || session.intents & needs) event(session, t, d(session.intents));
    },
    drop: (code) => everyone((socket) => (code === undefined ? socket.terminate() : socket.close(code))),
    mute: () => everyone((socket) => void muted.add(socket)),
    reconnect: () => everyone((socket) => send(socket, { op: Op.Reconnect, t: null, s: null, d: null })),
    invalidate: (resumable = false) =>
      everyone((socket, session) => {
        if (!resumable) sessions.delete(session.id);
        send(socket, { op: Op.InvalidSession, t: null, s: null, d: resumable });
      }),
    forget: () => sessions.clear(),
    overlap: (events) => void (overlap = events),
    intents: () => intentsNow,
    refuse: (code) => void (refusal = code),
    open: () => [...sessions.values()].filter(({ socket }) => socket !== null && !muted.has(socket)).length,
    close() {
      for (const client of wss.clients) client.terminate();
      wss.close();
    },
  };
}

const guildJson = (world: World): Json => ({
  ...world.guild,
  owner_id: world.bot.id,
  roles: [{ id: world.guild.id, name: "@everyone", permissions: "0", position: 0, color: 0, hoist: false }],
  emojis: [],
  features: [],
  channels: [...world.channels.values()]
    .filter(({ type }) => type === 0)
    .map(({ id, name }) => ({ id, name, type: 0, position: 0, permission_overwrites: [] })),
  members: [],
  presences: [],
  voice_states: [],
  threads: [],
  stage_instances: [],
  guild_scheduled_events: [],
  stickers: [],
  member_count: 2,
  large: false,
  unavailable: false,
  joined_at: "2026-01-01T00:00:00.000000+00:00",
});
