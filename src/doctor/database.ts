/** What was seen of a database, as findings. Built by doctoring.ts. */
import { ill, warning, well, type Finding } from "./finding.ts";

/** As the room of the database tells it. */
export type DatabaseSeen = {
  readonly version: string;
  readonly pgvector: string | null;
  readonly pending: number;
  readonly strange: readonly string[];
  readonly bytes: number;
  readonly connections: { readonly used: number; readonly most: number };
};

/** What a process of Nova needs at most. */
const CONNECTIONS = 14;

/** `starting`: a Nova is to start that does not run yet, and needs room on the server. */
export function judgeDatabase(seen: DatabaseSeen, place: string, starting: boolean): readonly Finding[] {
  const size = `${(seen.bytes / 1e6).toFixed(0)} MB`;
  return [
    well("database", `${place} runs PostgreSQL ${seen.version} and holds ${size}.`),
    well(
      "extension",
      seen.pgvector === null
        ? "pgvector is ready; the first start installs it."
        : `pgvector ${seen.pgvector} is installed.`,
    ),
    schema(seen),
    ...(starting ? connections(seen) : []),
  ];
}

function schema({ pending, strange }: DatabaseSeen): Finding {
  if (strange.length > 0) {
    return ill(
      "schema",
      `The database is newer than this Nova: it holds ${strange.join(", ")}.`,
      "Install the newer Nova again, or restore a backup made by this one.",
    );
  }
  const steps = pending === 1 ? "One migration waits" : `${pending} migrations wait`;
  return well("schema", pending === 0 ? "It is up to date." : `${steps}; the next start brings it up to date.`);
}

function connections({ connections: { used, most } }: DatabaseSeen): readonly Finding[] {
  const left = most - used;
  if (left >= CONNECTIONS) return [];
  return [
    warning(
      "database",
      `${used} of its ${most} connections are in use.`,
      `A Nova process needs up to ${CONNECTIONS}: raise max_connections there, or end what else is connected.`,
    ),
  ];
}
