/** The name of this channel: in addresses, accounts and routes. */
export const PLATFORM = "slack";
