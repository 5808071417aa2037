/** The Log port on pino: one JSON line an event, to stderr. Made by cli.ts and handed to every room. */
import { type DestinationStream, destination, pino } from "pino";
import { type Log, type LogFields, novaErrorIn } from "#core";
import type { LogLevel } from "./config.ts";

export function createLog(level: LogLevel, stream: DestinationStream = destination({ dest: 2, sync: true })): Log {
  const lines = pino(
    { level, base: null, messageKey: "event", timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: named } },
    stream,
  );
  return {
    debug: (event, fields) => lines.debug(clean(fields), event),
    info: (event, fields) => lines.info(clean(fields), event),
    warn: (event, fields) => lines.warn(clean(fields), event),
    error: (event, error, fields) => lines.error({ ...clean(fields), error: reduce(error) }, event),
  };
}

const named = (level: string): { level: string } => ({ level });

const SECRET_NAME = /token|secret|password|passwd|api_?key|authorization|cookie/i;

const SECRETS: readonly RegExp[] = [
  /\b(?:sk|pk|rk)-[\w-]{12,}/g,
  /\bxox[a-z]-[\w-]{8,}/g,
  /\bxapp-[\w-]{8,}/g,
  /\bgh[a-z]_\w{20,}/g,
  /\bwhsec_[\w+/=-]{8,}/g,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g,
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  /(?<=:\/\/)[^/\s:@]*:[^/\s@]+(?=@)/g,
];

/** Cuts what looks like a key out of a text: a last guard, not a licence to log secrets. */
function redact(text: string): string {
  return SECRETS.reduce((rest, pattern) => rest.replace(pattern, "[secret]"), text);
}

function clean(fields: LogFields = {}): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (typeof value !== "string") return [name, value];
      return [name, SECRET_NAME.test(name) ? "[secret]" : redact(value)];
    }),
  );
}

/** A foreign error's message may quote a person's words, so only Nova's own messages are kept. */
function reduce(error: unknown): LogFields {
  if (!(error instanceof Error)) return { name: typeof error };
  const known = novaErrorIn(error);
  const code: unknown = known?.code ?? ("code" in error ? error.code : undefined);
  return {
    name: error.name,
    code: typeof code === "string" || typeof code === "number" ? code : undefined,
    message: known ? redact(known.message) : undefined,
    stack: frames(error),
  };
}

function frames(error: Error): string {
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines.map((line) => line.trim()).join("\n");
}
