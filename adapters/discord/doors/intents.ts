/** What Discord is asked to tell: servers, and messages in them and to us. Used by gateway.ts, and by setup/gateway.ts. */
const GUILDS = 1 << 0;
const GUILD_MESSAGES = 1 << 9;
const DIRECT_MESSAGES = 1 << 12;

/** None of them is privileged: what is said to us comes with its content. */
export const INTENTS = GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES;
