/** What became of a call to Discord's REST API. Made by rest.ts, read by whatever calls. */

/** Errors of Discord's that are acted on. */
export const CODES = {
  unknownChannel: 10_003,
  unknownMessage: 10_008,
  unknownWebhook: 10_015,
  unknownInteraction: 10_062,
  alreadyAcknowledged: 40_060,
  tooManyFollowUps: 40_094,
  invalidWebhookToken: 50_027,
} as const;

export type Answer =
  | { readonly kind: "done"; readonly body: unknown }
  /** Discord said no; `code` is its own number, 0 when it told none. */
  | { readonly kind: "refused"; readonly status: number; readonly code: number }
  /** Too many requests, whether Discord said so or would have: not taken, and welcome again after that long. */
  | { readonly kind: "later"; readonly afterMs: number }
  /** It never left. */
  | { readonly kind: "unsent"; readonly code: string }
  /** It may have been taken: the connection, Discord or our patience broke. */
  | { readonly kind: "unknown"; readonly code: string };

/** In a word, for traces and logs. */
export function codeOf(answer: Answer): string {
  switch (answer.kind) {
    case "done":
      return "ok";
    case "refused":
      return `discord_${answer.code || answer.status}`;
    case "later":
      return "rate_limited";
    case "unsent":
    case "unknown":
      return answer.code;
  }
}
