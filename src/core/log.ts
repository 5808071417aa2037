/** Structured log lines: ids, codes and counts. Message bodies and secrets never enter a field. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `error` is reduced to its name, code and stack; its message is kept only when it is a NovaError. */
  error(event: string, error: unknown, fields?: LogFields): void;
}
