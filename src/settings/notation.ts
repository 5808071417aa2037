/** How values are written in the environment: lists, addresses, amounts, accounts. Read by config.ts. */
import { z } from "zod";
import { accountText, type Cap, readAccount, readCap } from "#core";
import { readAllowed } from "../egress/addresses.ts";
import { readPrices } from "../langchain/models/prices.ts";

export const text = z.string().trim().min(1).max(500);
export const model = text.max(200).nullable().default(null);
export const names = (value: string): string[] =>
  [...new Set(value.split(",").map((name) => name.trim()))].filter(Boolean);
export const url = (protocol: RegExp, expected: string) =>
  z
    .url({ protocol, hostname: /.*/, error: `must be ${expected}` })
    .nullable()
    .default(null);

/** What a header may hold: no line may end in it. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** `name=value,name=value`, as OpenTelemetry writes headers: values may be percent-encoded. */
export const pairs = z
  .string()
  .trim()
  .max(4_000)
  .transform((value, context) => {
    const read = value.split(",").flatMap((pair) => {
      const [, name = "", given = ""] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      return name !== "" && SENDABLE.test(decoded(given)) ? [[name, decoded(given)] as const] : [];
    });
    if (read.length === value.split(",").length) return Object.fromEntries(read);
    context.addIssue("must be written as name=value,name=value, with values that a header can hold");
    return z.NEVER;
  })
  .default({});

export const cap = text
  .transform((value, context): Cap => {
    const read = readCap(value);
    if (!read) context.addIssue("must be an amount such as 5, $5, 5 USD or 200000 tokens");
    return read ?? z.NEVER;
  })
  .nullable()
  .default(null);

export const prices = z
  .string()
  .max(4_000)
  .transform((value, context) => {
    const read = readPrices(value);
    if (read) return read;
    context.addIssue("must be written as name=input/output,… in US dollars per million tokens");
    return z.NEVER;
  })
  .default({});

/** Addresses, ranges and names, separated by commas. */
export const allowed = z
  .string()
  .max(4_000)
  .transform((value, context) => {
    const read = names(value).map((entry) => [entry, readAllowed(entry)] as const);
    const wrong = read.flatMap(([entry, each]) => (each ? [] : [JSON.stringify(entry.slice(0, 60))]));
    if (wrong.length === 0) return read.flatMap(([, each]) => each ?? []);
    context.addIssue(`must be written as 192.168.1.20:9000,10.0.0.0/8,ci.internal, and not ${wrong.join(", ")}`);
    return z.NEVER;
  })
  .default([]);

/** As people write them, separated by commas; each once. */
export const accounts = z
  .string()
  .trim()
  .max(4_000)
  .transform((value, context) => {
    const parts = value.split(",").filter((part) => part.trim() !== "");
    const read = parts.flatMap((part) => readAccount(part) ?? []);
    const wrong = parts.filter((part) => readAccount(part) === undefined).map((part) => part.trim());
    if (wrong.length === 0 && read.length > 0)
      return [...new Map(read.map((each) => [accountText(each), each])).values()];
    const which = wrong.map((part) => JSON.stringify(part.slice(0, 60))).join(", ");
    const among = parts.length > 1 && wrong.length > 0 ? ` each, and not ${which}` : "";
    context.addIssue(`must be written as slack:T024BE7LD/U023BECGF or discord:80351110224678912${among}`);
    return z.NEVER;
  })
  .default([]);

/** What is no percent-encoding is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
