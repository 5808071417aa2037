/** The Log port on pino: one JSON line an event, to stderr. Made by cli.ts and handed to every room. */
import { type DestinationStream, destination, pino } from "pino";
import { type Log, type LogFields, novaErrorIn, withoutSecrets } from "#core";
import type { LogLevel } from "./settings/config.ts";

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

function clean(fields: LogFields = {}): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (typeof value !== "string") return [name, value];
      return [name, SECRET_NAME.test(name) ? "[secret]" : withoutSecrets(value)];
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
    message: known ? withoutSecrets(known.message) : undefined,
    stack: frames(error),
  };
}

function frames(error: Error): string {
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines.map((line) => line.trim()).join("\n");
}
