/** The one error class for failures that a person should read: what happened, to which thing, what to do. */
export type ErrorCode =
  | "bad_input"
  | "bad_config"
  | "bad_plugin"
  | "not_found"
  | "forbidden"
  | "too_large"
  | "locked"
  | "database"
  | "newer_database"
  | "port_in_use"
  | "unavailable";

export class NovaError extends Error {
  override readonly name = "NovaError";
  readonly code: ErrorCode;
  /** One sentence: what the reader can do about it. Empty when nothing can be done. */
  readonly advice: string;

  constructor(code: ErrorCode, message: string, options: { advice?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = options.advice ?? "";
  }
}

/**
 * The database cannot do its work just now, though there is nothing wrong with the work: it is to be tried again later,
 * and never to be ended with words.
 */
export class DatabaseAway extends NovaError {
  constructor(message: string, options: { advice?: string; cause?: unknown } = {}) {
    super("unavailable", message, options);
  }
}

/** True when this error, or one among its causes, is that the database is away. */
export function isAway(error: unknown): boolean {
  return error instanceof Error && (error instanceof DatabaseAway || isAway(error.cause));
}

/** Finds a NovaError at the error itself or anywhere along its causes: libraries wrap what they re-throw. */
export function novaErrorIn(error: unknown): NovaError | undefined {
  for (let e: unknown = error; e instanceof Error; e = e.cause) if (e instanceof NovaError) return e;
  return undefined;
}

/** The two sentences a person reads; never a stack, never the text of a foreign error. */
export function sentenceFor(error: unknown): string {
  const known = novaErrorIn(error);
  if (!known) return "Something went wrong inside Nova. The log holds the details.";
  return known.advice ? `${known.message} ${known.advice}` : known.message;
}
