/**
 * Bolt between the two doors and what is done with a delivery. Bolt acknowledges events before anything is done with
 * them, so that what it says is only remembered here, and the door says it once the work is done. Opened by index.ts.
 */
import type { App, Receiver } from "@slack/bolt";
import type { Log } from "#core";
import { sdkLog } from "./bolt-log.ts";

/** A verified payload, of either door. */
export type Delivery = {
  readonly body: Readonly<Record<string, unknown>>;
  /** How often Slack tried before; for the log. */
  readonly retry?: { readonly attempt: number; readonly reason: string };
};

/** What the acknowledgement holds: nothing, words for the one who asked, or what is wrong in a form. */
export type Reply =
  | { readonly response_type: "ephemeral"; readonly text: string }
  | { readonly response_action: "errors"; readonly errors: Record<string, string> }
  | undefined;

export interface Desk {
  /** Resolves when it is safe to acknowledge, with what the ack says; rejects when nothing was stored. */
  take(delivery: Delivery): Promise<Reply>;
}

/** What is done with each kind of delivery; see receive.ts. */
export interface Clerk {
  event(body: unknown): Promise<void>;
  /** Resolves with Markdown-free words for the one who asked. */
  command(body: unknown): Promise<string | undefined>;
  click(body: unknown): Promise<void>;
  /** Resolves with what is wrong, by the names of fields: the form stays open then. */
  form(body: unknown): Promise<Record<string, string> | undefined>;
}

export async function openDesk(clerk: Clerk, log: Log): Promise<Desk> {
  const { App: BoltApp, LogLevel } = await import("@slack/bolt");
  let app: App | undefined;
  const receiver: Receiver = {
    init: (made) => void (app = made),
    start: async () => undefined,
    stop: async () => undefined,
  };
  const bolt = new BoltApp({
    receiver,
    logger: sdkLog(log, "bolt", LogLevel.WARN),
    // Whose words are heard, parse.ts decides.
    ignoreSelf: false,
    convoStore: false,
    authorize: async () => ({}),
  });
  bolt.event(/./, async ({ body }) => clerk.event(body));
  bolt.command(/./, async ({ body, ack }) => {
    const text = await clerk.command(body);
    await ack(text === undefined ? undefined : { response_type: "ephemeral", text });
  });
  bolt.action(/./, async ({ body, ack }) => {
    await clerk.click(body);
    await ack();
  });
  bolt.view(/./, async ({ body, ack }) => {
    const errors = await clerk.form(body);
    await ack(errors && { response_action: "errors", errors });
  });
  bolt.error(async (error) => {
    throw error;
  });

  return {
    async take({ body, retry }) {
      let reply: Reply;
      try {
        await app?.processEvent({
          body: { ...body },
          ...(retry ? { retryNum: retry.attempt, retryReason: retry.reason } : {}),
          ack: async (said?: Reply) => void (reply = said),
        });
      } catch (error) {
        // Bolt puts what it does not know into an error of its own.
        throw error instanceof Error && "original" in error && error.original instanceof Error ? error.original : error;
      }
      return reply;
    },
  };
}
