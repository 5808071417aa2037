/** Says in words why a server did not let Nova in, by what it or the network answered. Used by server.ts. */
import { NovaError } from "#core";

/** Where a connection goes and as whom; never the password. */
export type Place = {
  /** As a person reads it: host, port and database. */
  readonly name: string;
  readonly host: string;
  readonly user: string;
  readonly database: string;
};

type Words = readonly [message: string, advice: string];
type Saying = (place: Place, said: string) => Words;

/** SQLSTATEs, and the codes of sockets. */
const BY_CODE: Readonly<Record<string, Saying>> = {
  ECONNREFUSED: ({ name }) => [
    `The database at ${name} does not answer: nothing listens there.`,
    "Start the PostgreSQL server, or correct DATABASE_URL.",
  ],
  ENOENT: ({ name }) => [
    `The database at ${name} does not answer: nothing listens there.`,
    "Start the PostgreSQL server, or correct DATABASE_URL; a certificate that it names must exist as well.",
  ],
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  "28P01": ({ name, user }) => [
    `The database at ${name} refuses the password of the user ${user}.`,
    "Correct it in DATABASE_URL. Signs such as @, / and # are written %40, %2F and %23 there.",
  ],
  "28000": notAdmitted,
  "3D000": ({ name, user, database }) => [
    `The server of ${name} has no database called ${database}.`,
    `As an administrator run \`create database ${database} owner ${user} encoding 'UTF8' template template0\` there, or correct DATABASE_URL.`,
  ],
  "42501": ({ name, user, database }) => [
    `The user ${user} may not connect to the database at ${name}.`,
    `As an administrator run \`grant connect on database ${database} to ${user}\`.`,
  ],
  "53300": ({ name }) => [
    `The server of ${name} takes no more connections.`,
    "A Nova process needs up to 14: raise max_connections there, or end what else is connected.",
  ],
  "57P03": ({ name }) => [
    `The database at ${name} is starting or shutting down.`,
    "Wait until the server is up, then start again.",
  ],
};

/** What `pg` and the server say without a code of their own. */
const BY_WORDS: readonly (readonly [RegExp, Saying])[] = [
  [
    /does not support SSL/,
    ({ name }) => [
      `DATABASE_URL asks for an encrypted connection, and the server of ${name} offers none.`,
      "Switch `ssl` on at the server; or, on a network that you trust, write sslmode=disable into DATABASE_URL.",
    ],
  ],
  [
    /unsupported startup parameter/,
    ({ name }) => [
      `What answers at ${name} is a connection pooler that does not pass settings on.`,
      "Connect Nova to the PostgreSQL server itself; it keeps a small pool of its own.",
    ],
  ],
  [
    /password must be a (non-empty )?string|password must be set/i,
    ({ name, user }) => [
      `The database at ${name} asks for the password of the user ${user}, and DATABASE_URL holds none.`,
      "Write it there as postgres://user:password@host:port/database.",
    ],
  ],
  [
    /timeout|timed out/i,
    ({ name }) => [
      `The database at ${name} did not answer in time.`,
      "Check host and port in DATABASE_URL, and that no firewall is between.",
    ],
  ],
];

/** How Node names what is wrong with a certificate. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS|ERR_SSL|EPROTO/;

export function refusal(place: Place, cause: unknown): NovaError {
  const [message, advice] = wordsFor(place, cause);
  return new NovaError("database", message, { advice, cause });
}

function wordsFor(place: Place, cause: unknown): Words {
  const code = codeOf(cause);
  const said = cause instanceof Error ? cause.message : "";
  const saying = BY_WORDS.find(([words]) => words.test(said))?.[1] ?? BY_CODE[code];
  if (saying) return saying(place, said);
  if (CERTIFICATE.test(code)) return badCertificate(place, code);
  return [
    `The database at ${place.name} cannot be reached${code === "" ? "" : ` (${code})`}.`,
    "Check DATABASE_URL, that the server runs, and that it lets this user in.",
  ];
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function unknownHost({ name, host }: Place): Words {
  return [
    `The host ${host} of the database at ${name} is not known.`,
    "Check the host's name in DATABASE_URL, and that this machine can resolve it.",
  ];
}

/** The server's list of who may come from where, pg_hba.conf, has no line for this one. */
function notAdmitted({ name, user, database }: Place, said: string): Words {
  if (/role .* does not exist/.test(said)) {
    return [
      `The database at ${name} knows no user ${user}.`,
      `As an administrator run \`create role ${user} login password '…'\` there, or correct DATABASE_URL.`,
    ];
  }
  const encrypted = /no encryption|SSL off/.test(said)
    ? " If it lets in over encrypted connections only, add sslmode=verify-full there."
    : "";
  return [
    `The database at ${name} does not let the user ${user} in.`,
    `Add a line for ${user} and ${database} to the server's pg_hba.conf, or correct DATABASE_URL.${encrypted}`,
  ];
}

function badCertificate({ name, host }: Place, code: string): Words {
  return [
    `The certificate of the database at ${name} is not trusted (${code}).`,
    `Name the authority's file as sslrootcert=<file> in DATABASE_URL; its certificate must be made out to ${host}. On a network that you trust, sslmode=no-verify encrypts without looking at it.`,
  ];
}
