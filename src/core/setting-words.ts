/** What settings are to be, and what is wrong with them, in the words of every channel's setup. Used by adapters/<platform>/setup. */
import type { z } from "zod";

type Environment = Readonly<Record<string, string | undefined>>;

/** A list with commas in it, and this beside what it holds already: channels are set up one after the other. */
export function extended(list: string | undefined, entry: string, isThere: (one: string) => boolean): string {
  const given = (list ?? "").split(",").flatMap((one) => one.trim() || []);
  return given.some(isThere) ? given.join(",") : [...given, entry].join(",");
}

/** Settings that have a value which is none of theirs, and what a value must be. What is missing is told elsewhere. */
export function malformedIn(
  settings: z.ZodObject,
  env: Environment,
): readonly { readonly name: string; readonly message: string }[] {
  const issues = settings.safeParse(env).error?.issues ?? [];
  return issues
    .map(({ path, message }) => ({ name: String(path[0] ?? ""), message }))
    .filter(({ name }) => env[name] !== undefined);
}

export type Away = { readonly happened: string; readonly remedy: string };

/** What the system or the HTTP client calls it when a host cannot be reached, for people. */
export function awayBy(code: string): Away {
  const name = code.toUpperCase();
  const found = AWAY.find(([pattern]) => pattern.test(name))?.[1];
  return {
    happened: `${found?.happened ?? "the request failed"} (${name})`,
    remedy: found?.remedy ?? "Check this machine's connection to the internet.",
  };
}

const AWAY: readonly (readonly [RegExp, Away])[] = [
  [
    /ENOTFOUND|EAI_AGAIN/,
    {
      happened: "its host name was not found",
      remedy: "Check that this machine is online and that its name server works.",
    },
  ],
  [
    /ECONNREFUSED/,
    { happened: "nothing listens there", remedy: "Check the firewall or proxy between this machine and it." },
  ],
  [
    /TIMEOUT|ETIMEDOUT|ABORT/,
    {
      happened: "no answer came in time",
      remedy: "Check the firewall or proxy between this machine and it, and run this again.",
    },
  ],
  [/EHOSTUNREACH|ENETUNREACH/, { happened: "there is no way to it", remedy: "Check that this machine is online." }],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|SSL|TLS/,
    {
      happened: "its certificate is not trusted",
      remedy: "Check the clock of this machine, and the proxy that stands between, if there is one.",
    },
  ],
  [/ECONNRESET|EPIPE|UND_ERR_SOCKET/, { happened: "the connection broke", remedy: "Run this again in a minute." }],
  [
    /BAD_PORT/,
    { happened: "programs of the web do not connect to that port", remedy: "Have it listen on another port." },
  ],
  [/INVALID_URL/, { happened: "its address is none", remedy: "Correct the address." }],
];
