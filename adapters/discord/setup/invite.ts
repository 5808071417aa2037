/** Links that bring the bot into a server, or to one's own account. Printed by setup.ts. */

/** Bits of Discord's permissions; all that writing and reading replies takes. */
const PERMISSIONS = {
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  readMessageHistory: 1n << 16n,
  sendMessagesInThreads: 1n << 38n,
} as const;

const permissions = String(Object.values(PERMISSIONS).reduce((all, bit) => all | bit, 0n));

const page = (application: string, query: Readonly<Record<string, string>>): string =>
  `https://discord.com/oauth2/authorize?${new URLSearchParams({ client_id: application, ...query }).toString()}`;

/** Into a server, by somebody who manages it. */
export const serverLink = (application: string): string =>
  page(application, { integration_type: "0", scope: "bot applications.commands", permissions });

/** For oneself alone: commands in every place, and direct messages. */
export const accountLink = (application: string): string =>
  page(application, { integration_type: "1", scope: "applications.commands" });
