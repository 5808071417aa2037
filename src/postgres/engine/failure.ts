/** Tells a database that fails for now from a statement that is wrong. Used wherever this room meets a failed query. */
import { DatabaseAway } from "#core";

/** Why the database could not do what it was asked, though there was nothing wrong with the asking. */
export type Failure =
  /** The connection broke off, or none could be made. */
  | "lost"
  /** No connection was free in time, or the server takes no more of them. */
  | "crowded"
  /** A statement, or its wait for a lock, took longer than it may. */
  | "slow"
  /** It met another transaction; the server has undone it, so it can be done again at once. */
  | "conflict"
  | "disk_full"
  | "out_of_memory"
  | "read_only"
  /** The embedded engine has come to its end; only a new process helps. */
  | "dead";

/** SQLSTATEs, and the codes of sockets. */
const BY_CODE: Readonly<Record<string, Failure>> = {
  "57P01": "lost",
  "57P02": "lost",
  "57P03": "lost",
  "57P05": "lost",
  "25P03": "lost",
  "53300": "crowded",
  "57014": "slow",
  "55P03": "slow",
  "40001": "conflict",
  "40P01": "conflict",
  "53100": "disk_full",
  "53200": "out_of_memory",
  "25006": "read_only",
  ECONNREFUSED: "lost",
  ECONNRESET: "lost",
  ECONNABORTED: "lost",
  EPIPE: "lost",
  ETIMEDOUT: "lost",
  EHOSTUNREACH: "lost",
  ENETUNREACH: "lost",
  ENETDOWN: "lost",
  ENOTFOUND: "lost",
  EAI_AGAIN: "lost",
};

/** Whole classes of SQLSTATEs: connection exceptions, lacking resources, input and output. */
const BY_CLASS: Readonly<Record<string, Failure>> = { "08": "lost", "53": "crowded", "58": "lost" };

/** What `pg` says in plain errors without a code. */
const BY_WORDS: readonly (readonly [RegExp, Failure])[] = [
  [/^timeout exceeded when trying to connect/, "crowded"],
  [/^Query read timeout/, "slow"],
  [/^Connection terminated|^timeout expired|is not queryable|^Cannot use a pool after/, "lost"],
];

/** The engine's process has ended inside this one. Thrown by engine-end.ts. */
export class EngineEnded extends Error {
  override readonly name = "EngineEnded";
}

/** Undefined for what is nobody's passing trouble: a broken rule, a mistake in a statement, any other error. */
export function failureIn(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof EngineEnded) return "dead";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const known = BY_CODE[code] ?? (/^\w{5}$/.test(code) ? BY_CLASS[code.slice(0, 2)] : undefined);
  return known ?? BY_WORDS.find(([words]) => words.test(error.message))?.[1];
}

const WORDS: Readonly<Record<Failure, readonly [message: string, advice: string]>> = {
  lost: ["The database does not answer just now.", "Try again in a moment."],
  crowded: ["The database has no connection free just now.", "Try again in a moment."],
  slow: ["The database took too long to answer.", "Try again in a moment."],
  conflict: ["The database was too busy with other work.", "Try again in a moment."],
  disk_full: [
    "The database's disk is full, so nothing can be stored just now.",
    "Make room on the disk that holds its data, then try again.",
  ],
  out_of_memory: ["The database is out of memory.", "Give it more memory, or try again in a moment."],
  read_only: [
    "The database takes no changes just now: it is a read-only copy.",
    "Point DATABASE_URL at the primary server, or try again when the change-over is done.",
  ],
  dead: ["The embedded database has stopped working.", "Start Nova again."],
};

/** The error that a passing failure is told as; everything else stays what it is. */
export function told(error: unknown): unknown {
  const failure = failureIn(error);
  return failure ? away(failure, error) : error;
}

export function away(failure: Failure, cause: unknown): DatabaseAway {
  const [message, advice] = WORDS[failure];
  return new DatabaseAway(message, { advice, cause });
}
