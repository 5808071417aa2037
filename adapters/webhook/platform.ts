/** The name of this channel: in addresses, accounts and routes. */
export { HOOKS_PLATFORM as PLATFORM } from "#core";
