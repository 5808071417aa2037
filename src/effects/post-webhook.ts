/** Carries out `post_webhook`: takes the post for delivery, once; post-round.ts brings it. Opened by performing.ts. */
import { z } from "zod";
import type { Clock, Performed, Performer, WebhookPosts } from "#core";

export type PostWebhookDeps = {
  readonly webhookPosts: Pick<WebhookPosts, "put" | "keyed">;
  readonly clock: Clock;
  /** Called when something new lies there. */
  readonly onStored: () => void;
};

const stored = z.object({
  receiver: z.object({ id: z.string(), name: z.string() }),
  event: z.string(),
  text: z.string(),
});

export function createPostWebhook({ webhookPosts, clock, onStored }: PostWebhookDeps): Performer {
  return {
    verb: "post_webhook",

    async perform(effect, key): Promise<Performed> {
      const { receiver, event, text } = stored.parse(effect.args);
      const body = JSON.stringify({ type: event, timestamp: clock.now().toISOString(), data: { text } });
      const put = await webhookPosts.put(effect, { key, receiver: receiver.id, event, body });
      if (put === undefined) {
        const sentence = `${receiver.name} takes no posts any more; \`nova receivers\` shows what is open.`;
        return { kind: "failed", code: "no_receiver", told: sentence };
      }
      onStored();
      return accepted(receiver.name);
    },

    async reconcile(effect, key) {
      const { receiver } = stored.parse(effect.args);
      return (await webhookPosts.keyed(key, effect.tenant)) ? accepted(receiver.name) : { kind: "absent" };
    },
  };
}

const accepted = (name: string): Performed => ({
  kind: "done",
  told: `Accepted for delivery to ${name}; you hear of it if it does not arrive.`,
});
