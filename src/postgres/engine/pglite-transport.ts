/** Lets `pg` talk to the embedded engine inside this process: one session, shared fairly. Used by connection.ts. */
import { Duplex } from "node:stream";
import type { PGlite } from "@electric-sql/pglite";
import { EngineEnded } from "./failure.ts";

/** The part of a `pg` configuration that reaches the embedded engine. */
export type Transport = {
  readonly stream: () => Duplex;
  readonly user: string;
  readonly database: string;
  readonly host: string;
  readonly ssl: false;
};

/**
 * Every connection of every pool shares the engine's one session. A connection owns the session from the first message
 * of a protocol batch until its answer, and for as long as a transaction is open; the others wait in order of arrival.
 * So inside a transaction only that client may be used: a query on another one would wait for itself.
 */
export function pgliteTransport(engine: PGlite): Transport {
  const session = new Session(engine);
  return {
    stream: () => new Connection(session),
    user: "postgres",
    database: "postgres",
    host: "embedded",
    ssl: false,
  };
}

type Waiting = { readonly connection: Connection; readonly go: () => void };

/** The engine's one session, and who may speak in it. */
class Session {
  readonly connections = new Set<Connection>();
  readonly #engine: PGlite;
  readonly #waiting: Waiting[] = [];
  #owner: Connection | null = null;
  #end: EngineEnded | undefined;

  constructor(engine: PGlite) {
    this.#engine = engine;
  }

  async acquire(connection: Connection): Promise<void> {
    if (this.#owner === connection) return;
    if (!this.#owner) {
      this.#owner = connection;
      return;
    }
    await new Promise<void>((go) => this.#waiting.push({ connection, go }));
  }

  async run(batch: readonly Buffer[]): Promise<Buffer> {
    const answers: Buffer[] = [];
    const onRawData = (data: Uint8Array) => answers.push(Buffer.from(data));
    await this.#engine.runExclusive(async () => {
      for (const message of batch) await this.#ask(message, onRawData);
    });
    return Buffer.concat(answers);
  }

  async #ask(message: Buffer, onRawData: (data: Uint8Array) => void): Promise<void> {
    if (this.#end) throw this.#end;
    try {
      await this.#engine.execProtocolRawStream(new Uint8Array(message), { onRawData });
    } catch (error) {
      if (error instanceof EngineEnded) this.#end = error;
      throw error;
    }
  }

  /** Hands the session on, unless this connection is still alive with a transaction open. */
  async yield(connection: Connection): Promise<void> {
    if (this.#owner !== connection) return;
    if (!this.#end && this.#engine.isInTransaction()) {
      if (!connection.destroyed) return;
      await this.#engine.exec("rollback");
    }
    const next = this.#waiting.shift();
    this.#owner = next?.connection ?? null;
    next?.go();
  }

  /** Forgets a connection that is gone; its turn in the queue, if it waits, is taken and given back at once. */
  forget(connection: Connection): void {
    this.connections.delete(connection);
    const at = this.#waiting.findIndex((waiting) => waiting.connection === connection);
    if (at >= 0) this.#waiting.splice(at, 1)[0]?.go();
  }
}

/** Frontend messages that ask the backend for an answer: query, sync, flush, copy done, copy failed. */
const ANSWERED = new Set(["Q", "S", "H", "c", "f"]);
const TERMINATE = "X";
const NOTIFICATION = "A".charCodeAt(0);

/** What `pg` takes for its socket. */
class Connection extends Duplex {
  readonly #session: Session;
  #unread: Buffer = Buffer.alloc(0);
  #batch: Buffer[] = [];
  #greeted = false;
  #busy = false;
  #work = Promise.resolve();

  constructor(session: Session) {
    super();
    this.#session = session;
  }

  connect(): this {
    this.#session.connections.add(this);
    setImmediate(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // Answers are pushed when they come.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#unread = this.#unread.length > 0 ? Buffer.concat([this.#unread, chunk]) : chunk;
    for (let message = this.#next(); message; message = this.#next()) this.#accept(message);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#session.forget(this);
    // A batch that is running gives the session back itself when it ends.
    if (!this.#busy) this.#session.yield(this).catch((cause: unknown) => this.emit("error", cause));
    this.push(null);
    done(error);
  }

  /** Cuts the next whole message off what was written. The first one, the greeting, has no type byte. */
  #next(): Buffer | undefined {
    const head = this.#greeted ? 1 : 0;
    if (this.#unread.length < head + 4) return undefined;
    const length = head + this.#unread.readInt32BE(head);
    if (this.#unread.length < length) return undefined;
    const message = this.#unread.subarray(0, length);
    this.#unread = this.#unread.subarray(length);
    return message;
  }

  #accept(message: Buffer): void {
    const type = this.#greeted ? message.toString("latin1", 0, 1) : "greeting";
    this.#batch.push(message);
    if (this.#greeted && type !== TERMINATE && !ANSWERED.has(type)) return;
    this.#greeted = true;
    const batch = this.#batch;
    this.#batch = [];
    this.#work = this.#work.then(() => (type === TERMINATE ? void this.destroy() : this.#run(batch, type)));
  }

  async #run(batch: readonly Buffer[], type: string): Promise<void> {
    // The rest runs in microtasks; without this pause a busy pool would starve timers and the network.
    await new Promise(setImmediate);
    await this.#session.acquire(this);
    this.#busy = true;
    try {
      if (!this.destroyed) deliver(await this.#session.run(batch), this, this.#session.connections);
    } catch (error) {
      // The engine itself broke off, as a server would: the connection is lost, and its pool makes a new one.
      this.destroy(error instanceof Error ? error : new Error("the embedded engine broke off"));
    } finally {
      this.#busy = false;
      // After a flush the batch goes on; anyone else's message would fall into the middle of it.
      if (type !== "H" || this.destroyed) await this.#session.yield(this);
    }
  }
}

/** Passes an answer on; notifications in it go to every connection, because all of them listen in one session. */
function deliver(answer: Buffer, to: Connection, all: ReadonlySet<Connection>): void {
  let from = 0;
  for (let at = 0; at + 5 <= answer.length;) {
    const end = at + 1 + answer.readInt32BE(at + 1);
    if (answer[at] === NOTIFICATION) {
      if (at > from) push(to, answer.subarray(from, at));
      for (const connection of all) push(connection, answer.subarray(at, end));
      from = end;
    }
    at = end;
  }
  if (from < answer.length) push(to, answer.subarray(from));
}

function push(connection: Connection, bytes: Buffer): void {
  if (!connection.destroyed) connection.push(bytes);
}
