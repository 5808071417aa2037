/** What has to be known to be on Discord, from the environment. Read by index.ts, and by setup/setup.ts. */
import { z } from "zod";
import { snowflake } from "./platform.ts";
import { DISCORD_API } from "./rest.ts";
import { KEY } from "./verify.ts";

export const settings = z
  .object({
    DISCORD_TOKEN: z.string().trim().min(1).describe("The bot's token, from the page Bot of the application."),
    DISCORD_APPLICATION_ID: z
      .string()
      .trim()
      .pipe(snowflake)
      .describe("The application's id, from its page General Information."),
    DISCORD_MODE: z
      .enum(["gateway", "http"], "must be gateway or http")
      .default("gateway")
      .describe(
        "How Discord reaches Nova: by a connection that Nova opens, or by posts to <public address>/discord/interactions, for commands alone.",
      ),
    DISCORD_PUBLIC_KEY: z
      .string()
      .trim()
      .regex(KEY, "must be 64 hexadecimal digits")
      .optional()
      .describe("The application's public key, from its page General Information; needed with DISCORD_MODE=http."),
    DISCORD_API_URL: z
      .url({ protocol: /^https?$/, hostname: /.*/, error: "must be an http:// or https:// address" })
      .default(DISCORD_API)
      .describe("Where Discord's API is, when something stands in for it."),
  })
  .superRefine((given, context) => {
    if (given.DISCORD_MODE === "gateway" || given.DISCORD_PUBLIC_KEY !== undefined) return;
    const message = "DISCORD_MODE=http needs it: the application's page General Information shows it.";
    context.addIssue({ code: "custom", path: ["DISCORD_PUBLIC_KEY"], message, input: undefined });
  });
export type Settings = z.infer<typeof settings>;
