/**
 * Whether an address stands as it is in what a step was given, so that it carries nothing but what its writer knew: one that
 * was built could carry a private figure to whoever opens it. Pure; used by answer-check.ts and veil.ts.
 */
import { isReply, sentenceOf, type AgentStep, type Json, type Message } from "#core";
import { linksIn } from "./links.ts";

export type LinkGround = Pick<AgentStep, "agent" | "ask" | "history" | "recalled" | "given" | "before">;

/** All texts in which a link may stand, but for what the run's tools return. */
export const linkSources = ({ agent, ask, history, recalled, given, before }: LinkGround): readonly string[] => [
  ask.words,
  ask.own ?? "",
  agent.prompt,
  ...history.flatMap(saidIn),
  ...(recalled?.items ?? []).map(({ text }) => text),
  ...(given === undefined ? [] : textsIn(given.input)),
  // Each was held to this itself.
  ...before.map(({ reply }) => sentenceOf(reply)),
];

/** Of a tainted reply not the code: so cards show what a model would like to send, and nobody held that to anything. */
const saidIn = (message: Message): readonly string[] =>
  isReply(message) && message.tainted
    ? linksIn(message.text)
        .filter(({ inCode }) => !inCode)
        .map(({ address }) => address)
    : [message.text];

/** The words of a JSON value; names of fields are nobody's words. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap((each) => textsIn(each));
}

/** Addresses of the texts that stand in none of the sources, each once, as `linksIn` gives them. */
export function strangeLinks(texts: readonly string[], sources: readonly string[]): readonly string[] {
  const found = new Set(texts.flatMap((text) => linksIn(text).map(({ address }) => address)));
  const stands = found.size === 0 ? () => true : standingIn(sources);
  return [...found].filter((address) => !stands(address));
}

export function standingIn(sources: readonly string[]): (address: string) => boolean {
  const read = sources.map((source) => source.replaceAll("&amp;", "&"));
  const lower = read.map(lowered);
  return (address) => {
    const key = keyOf(address);
    return read.some((source, i) => holds(source, lower[i] ?? "", key));
  };
}

type Key = {
  /** Lower-case, with port and whoever logs in. */
  readonly host: string;
  /** Path, query and fragment, to the letter, without a slash at the end. */
  readonly path: string;
};

function keyOf(address: string): Key {
  const rest = address.replace(/^(?:https?:[/\\]{2}|mailto:)/i, "").replaceAll("&amp;", "&");
  const at = rest.search(/[/?#\\]/);
  const [host, path] = at < 0 ? [rest, ""] : [rest.slice(0, at), rest.slice(at)];
  return { host: lowered(host), path: path.replace(/(?<=.)\/$|^\/$/, "") };
}

/** Whole: nothing of an address goes on before it or behind it. */
function holds(source: string, lower: string, { host, path }: Key): boolean {
  const sought = host + lowered(path);
  if (sought === "") return false;
  for (let at = lower.indexOf(sought); at >= 0; at = lower.indexOf(sought, at + 1)) {
    const end = at + sought.length;
    const before = source.slice(Math.max(0, at - 2), at);
    if (source.slice(at + host.length, end) !== path || /[\p{L}\p{N}@_.-]$/u.test(before)) continue;
    const [tail = ""] = BEHIND.exec(source.slice(end, end + MOST_BEHIND)) ?? [];
    if (!/[\p{L}\p{N}/=&%#]/u.test(tail.replace(/^\//, ""))) return true;
  }
  return false;
}

const MOST_BEHIND = 16;
/** As far as an address may go on. */
const BEHIND = /^[^\s<>"'`|)\]}\\，。、；：！？（）「」『』【】]*/u;

/** Of the letters that a host is written with; of the same length. */
const lowered = (text: string): string => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
