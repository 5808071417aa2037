/**
 * The one way out to addresses that people name: the port Egress of the core. Opened by the roof.
 *
 * What a name means is looked up for each connection, and the very address that was looked at is connected to: a name that
 * means something else a moment later gains nothing. Nothing of the environment's proxies or of earlier answers goes along.
 */
import { isIP } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { callbackify } from "node:util";
import { Agent, buildConnector, request, type Dispatcher } from "undici";
import type { Egress, EgressAnswer, EgressAsk } from "#core";
import { mayAsk, mayReach, type Allowed } from "./addresses.ts";
import { resolve as resolveHere, type Resolve } from "./resolve.ts";

export type EgressOptions = {
  /** What may be reached beside the public network. */
  readonly allowed?: readonly Allowed[];
  readonly resolve?: Resolve;
};

export interface OpenEgress extends Egress {
  close(): Promise<void>;
}

/** Thrown within the connection, and told apart from what the network does. */
class Forbidden extends Error {
  override readonly name = "Forbidden";
}

const CONNECT_MS = 10_000;
/** A name that nobody tells of by then is taken as unknown. */
const LOOK_UP_MS = 2_000;
const HEADER_BYTES = 16_384;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function createEgress({ allowed = [], resolve = resolveHere }: EgressOptions = {}): OpenEgress {
  const agent = new Agent({
    connect: guarded({ allowed, resolve }),
    maxHeaderSize: HEADER_BYTES,
    pipelining: 1,
    // A connection is as good as the look that it was made with.
    keepAliveTimeout: 1_000,
    keepAliveMaxTimeout: 5_000,
  });

  const objection = (url: string): string | undefined => {
    const read = readUrl(url);
    if (typeof read === "string") return read;
    const port = portOf(read);
    const host = hostOf(read);
    if (!mayAsk(host, port, allowed)) return `Port ${port} is not open to Nova. ${LET_IN}`;
    return isIP(host) !== 0 && !mayReach(host, { host, port, allowed }) ? PRIVATE : undefined;
  };

  const lookedUp = async (url: string, signal: AbortSignal): Promise<string | undefined> => {
    const why = objection(url);
    const read = readUrl(url);
    if (why !== undefined || typeof read === "string") return why;
    const [host, port] = [hostOf(read), portOf(read)];
    const named = isIP(host) === 0 ? resolve(host).catch(() => []) : [];
    const found = await Promise.race([named, pause(LOOK_UP_MS, [], { signal, ref: false })]);
    return found.every(({ address }) => mayReach(address, { host, port, allowed })) ? undefined : PRIVATE;
  };

  const ask = async (wanted: EgressAsk, signal: AbortSignal): Promise<EgressAnswer> => {
    const why = objection(wanted.url);
    if (why !== undefined) return { kind: "refused", why };
    let response: Dispatcher.ResponseData;
    try {
      response = await request(wanted.url, {
        dispatcher: agent,
        method: wanted.method,
        headers: { ...wanted.headers },
        body: wanted.body ?? null,
        signal,
      });
    } catch (error) {
      return isForbidden(error) ? { kind: "refused", why: PRIVATE } : { kind: "failed", code: codeOf(error) };
    }
    try {
      const next = nextOf(wanted, response);
      if (next !== undefined) {
        await response.body.dump({ limit: wanted.mostBytes, signal }).catch(() => undefined);
        return await ask(next, signal);
      }
      return {
        kind: "answered",
        status: response.statusCode,
        headers: flat(response.headers),
        ...(await readBody(response, wanted)),
      };
    } catch (error) {
      return { kind: "failed", code: codeOf(error) };
    } finally {
      // What was not read of it: the connection ends with it. A late error of the stream is nobody's.
      response.body.on("error", () => undefined);
      response.body.destroy();
    }
  };

  return {
    objection,
    lookedUp,
    request: (wanted, signal) => ask(wanted, AbortSignal.any([signal, AbortSignal.timeout(wanted.mostMs)])),
    close: () => agent.destroy(),
  };
}

const LET_IN = "NOVA_EGRESS_ALLOW can let it in.";
const PRIVATE = `That address is not on the public network. ${LET_IN}`;

function readUrl(text: string): URL | string {
  const url = URL.parse(text);
  if (!url) return "That is no web address.";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "Only http:// and https:// addresses are asked.";
  if (url.username !== "" || url.password !== "") return "An address with a name or password in it is not asked.";
  return url;
}

const portOf = (url: URL): number => Number(url.port) || (url.protocol === "https:" ? 443 : 80);
const hostOf = ({ hostname }: URL): string =>
  hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();

/** Looks at every address that a connection would be made to, and makes it to one of those. */
function guarded({ allowed, resolve }: Required<EgressOptions>): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname
      .replace(/^\[|\]$/g, "")
      .replace(/\.$/, "")
      .toLowerCase();
    const port = Number(options.port) || (options.protocol === "https:" ? 443 : 80);
    const isOpen = (address: string): boolean => mayReach(address, { host, port, allowed });
    // A number is connected to without being looked up.
    if (isIP(host) !== 0 && !isOpen(host)) return callback(new Forbidden("not a public address"), null);
    const lookup = callbackify(async () => {
      const found = await resolve(host);
      // One that leads inside is reason enough: who names both wants the inner one.
      if (found.length === 0 || !found.every(({ address }) => isOpen(address)))
        throw new Forbidden("not a public address");
      return [...found];
    });
    return buildConnector({
      timeout: CONNECT_MS,
      autoSelectFamily: true,
      lookup: (_host, _asked, done) => lookup(done),
    })(options, (error, socket) => {
      if (error) return callback(error, null);
      if (isOpen(socket.remoteAddress ?? "")) return callback(null, socket);
      socket.destroy();
      return callback(new Forbidden("not a public address"), null);
    });
  };
}

const isForbidden = (error: unknown): boolean =>
  error instanceof Error && (error instanceof Forbidden || isForbidden(error.cause));

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "timeout";
  return "code" in error && typeof error.code === "string" ? error.code.toLowerCase() : error.name.toLowerCase();
}

/** Where the answer sends on to; undefined when it is the answer. */
function nextOf({ redirects = 0, ...ask }: EgressAsk, { statusCode, headers }: Dispatcher.ResponseData) {
  const { location } = headers;
  if (redirects === 0 || !REDIRECTS.has(statusCode) || typeof location !== "string") return undefined;
  const url = URL.parse(location, ask.url);
  if (!url) return undefined;
  // What was meant for one host is not told to another.
  const kept = url.origin === new URL(ask.url).origin ? ask.headers : undefined;
  const asGet = statusCode !== 307 && statusCode !== 308;
  const { body, headers: _all, ...rest } = ask;
  return {
    ...rest,
    url: url.href,
    redirects: redirects - 1,
    ...(kept ? { headers: kept } : {}),
    ...(asGet ? { method: "GET" as const } : body === undefined ? {} : { body }),
  };
}

async function readBody({ body }: Dispatcher.ResponseData, { mostBytes }: EgressAsk) {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    const bytes = Buffer.from(piece);
    pieces.push(bytes.subarray(0, mostBytes - size));
    size += bytes.length;
    if (size > mostBytes) break;
  }
  return { body: Buffer.concat(pieces).toString("utf8"), cut: size > mostBytes };
}

const flat = (headers: Dispatcher.ResponseData["headers"]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
