/** What the setups of platforms say alike, each with its own names in it. Used by adapters/<platform>/setup. */
import type { Away } from "./setting-words.ts";
import { ill, well, type SetupCheck, type SetupContext } from "./setup.ts";

/** A platform, as its setup speaks of it. */
export type PlatformNames = {
  /** As people know it. */
  readonly name: string;
  /** Its own hosts, and all below them; the first is told. */
  readonly hosts: readonly [string, ...string[]];
  /** The setting that puts another address in the place of its API. */
  readonly api: string;
  /** The setting that chooses between a connection and posts. */
  readonly mode: string;
};

type Complaint = [detail: string, remedy: string];

export const unanswered = ({ name, hosts: [host], api }: PlatformNames, { happened, remedy }: Away): Complaint => [
  `${name} did not answer: ${happened}.`,
  `${remedy} It must reach ${host} over HTTPS, or the address in ${api} if that is set.`,
];

export const unreadable = ({ name, api }: PlatformNames): Complaint => [
  `${name}'s answer could not be read.`,
  `Check ${api}; unset it for ${name} itself.`,
];

export const pauseAsked = ({ name }: PlatformNames): Complaint => [
  `${name} asks for a pause.`,
  "Run this again in a minute.",
];

export const unknownMode = ({ mode }: PlatformNames, known: readonly string[], given: string | undefined): SetupCheck =>
  ill(
    mode,
    `It must be ${known.join(" or ")}, and is ${JSON.stringify(given)}.`,
    "Unset it, or set it to one of them.",
  );

/** A platform posts over HTTPS alone; what stands in for it posts anywhere. */
export function canBePostedTo({ hosts, api }: PlatformNames, { env, publicUrl }: SetupContext): boolean {
  const given = env[api];
  const host = given !== undefined && URL.canParse(given) ? new URL(given).hostname : hosts[0];
  const isItself = hosts.some((own) => host === own || host.endsWith(`.${own}`));
  return !isItself || publicUrl.startsWith("https://");
}

export const unposted = ({ name, mode }: PlatformNames, { publicUrl }: SetupContext): SetupCheck =>
  ill(
    "address",
    `${name} posts to HTTPS only, and Nova's address is ${publicUrl}.`,
    `Set NOVA_PUBLIC_URL to the https:// address at which the internet reaches this Nova, and start it again if it runs; or unset ${mode}.`,
  );

export const untriedAddress = (url: string): SetupCheck =>
  well("address", `${url} is tried when Nova runs: start it, and run this again.`);

/** `account`: how it would be written. */
export const ownerless = ({ name }: PlatformNames, account: string, bot: string): SetupCheck =>
  well(
    "owner",
    `NOVA_OWNER names no account here (it would be ${account}). Write to ${bot} in ${name}: it answers with what to do.`,
  );

/** Said to the first owner: whoever reads it knows that Nova reaches them, and how to go on. */
export const GREETING = "Nova can write here. Answer me as soon as it runs, and I answer you.";

const DAY_MS = 24 * 60 * 60_000;

/** True for this very message, of today: the setup is run again and again. */
export const isGreeting = (text: string, at: Date, now: Date): boolean =>
  text === GREETING && now.getTime() - at.getTime() < DAY_MS;

export const greeted = ({ name }: PlatformNames, bot: string, when: "now" | "earlier", serving: boolean): SetupCheck =>
  well(
    "self-test",
    `${bot} wrote to you ${when === "now" ? `in ${name}` : "earlier"}. ${serving ? "Answer" : "Start Nova, and answer"} there.`,
  );
