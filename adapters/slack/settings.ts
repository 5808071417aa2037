/** What the operator sets for Slack. Read by src/settings/config.ts through index.ts; mode by mode, what is needed must be there. */
import { z } from "zod";

/** Where Slack's own Web API is; another address is for tests and proxies. */
export const SLACK_API = "https://slack.com/api/";

const secret = z.string().trim().min(1, "is empty");

/** Where the value is the other token, that is told: people exchange the two. */
const wrongKind =
  (prefix: string, other: string, name: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    typeof input === "string" && input.trim().startsWith(other)
      ? `holds the ${name} token (${other}…) and must begin with ${prefix}: the two are exchanged`
      : `must begin with ${prefix}`;

export const settings = z
  .object({
    SLACK_BOT_TOKEN: secret
      .startsWith("xoxb-", { error: wrongKind("xoxb-", "xapp-", "app") })
      .describe("Slack's bot token, xoxb-…."),
    SLACK_APP_TOKEN: secret
      .startsWith("xapp-", { error: wrongKind("xapp-", "xoxb-", "bot") })
      .optional()
      .describe("Slack's app-level token, xapp-…, with the scope connections:write; for Socket Mode."),
    SLACK_SIGNING_SECRET: secret.optional().describe("Slack's signing secret; for SLACK_MODE=http."),
    SLACK_MODE: z
      .enum(["socket", "http"], "must be socket or http")
      .default("socket")
      .describe("socket: Nova connects to Slack. http: Slack posts to /slack/events on the public address."),
    SLACK_API_URL: z
      .url({ protocol: /^https?$/, hostname: /.*/, error: "must be an http:// or https:// address" })
      .default(SLACK_API)
      .transform((url) => (url.endsWith("/") ? url : `${url}/`))
      .describe("Address of Slack's Web API."),
  })
  .superRefine((given, context) => {
    const missing = (name: string, message: string): void =>
      context.addIssue({ code: "custom", path: [name], message, input: undefined });
    if (given.SLACK_MODE === "socket" && given.SLACK_APP_TOKEN === undefined)
      missing("SLACK_APP_TOKEN", "Socket Mode needs it. `nova init slack` tells where to find it.");
    // Without it anyone could sign.
    if (given.SLACK_MODE === "http" && given.SLACK_SIGNING_SECRET === undefined)
      missing("SLACK_SIGNING_SECRET", "SLACK_MODE=http needs it. `nova init slack` tells where to find it.");
  });
