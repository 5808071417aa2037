/** How Slack's channel is called: in addresses, accounts and routes, and by people who type a command. */
export const PLATFORM = "slack";

/** What a command is typed behind: Slack keeps what begins with a slash for itself. */
export const COMMAND = "/nova ";

/** Where Slack posts to when it comes over HTTP. */
export const EVENTS_PATH = `/${PLATFORM}/events`;
