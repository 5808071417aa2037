/** The name of this channel: in addresses, accounts and routes. */
export const PLATFORM = "slack";

/** What a command is typed behind: Slack keeps what begins with a slash for itself. */
export const COMMAND = "/nova ";
