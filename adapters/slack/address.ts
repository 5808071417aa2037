/** Where a message, a command or a click of Slack happens, as Nova's address, and what such an address tells. Pure. */
import type { Address } from "#core";
import { PLATFORM } from "./platform.ts";

/** Ids of direct conversations begin with D; not every event says what kind of conversation it comes from. */
export const isDirect = (channel: string): boolean => channel.startsWith("D");

/** Each post without a thread is the root of its own: that is where the answer goes. */
export function threadAddress(team: string, channel: string, root: string): Address {
  return {
    platform: PLATFORM,
    scope: team,
    container: channel,
    root,
    visibility: isDirect(channel) ? "private" : "shared",
  };
}

/** What a person and Nova say to each other by commands, which nobody else in the channel sees. */
export function commandAddress(team: string, channel: string, user: string): Address {
  return { platform: PLATFORM, scope: team, container: channel, root: `@${user}`, visibility: "private" };
}

/** Who gives commands there and alone sees what is answered; undefined for a thread. */
export const commandUserOf = ({ root }: Pick<Address, "root">): string | undefined =>
  root?.startsWith("@") === true ? root.slice(1) : undefined;
