/** Tokens that Discord has forgotten: none of them is tried again. Made by index.ts; asked before a token is used, in sending/ and in showing/. */
import type { Answer } from "../answer.ts";
import { CODES } from "../answer.ts";
import type { CommandHandle } from "../handle.ts";

export interface Forgotten {
  has(handle: CommandHandle): boolean;
  /** True when the answer says that the token is gone. */
  note(handle: CommandHandle, answer: Answer): boolean;
}

/** More than are alive at a time. */
const MOST = 1_000;

const GONE: ReadonlySet<number> = new Set([
  CODES.unknownWebhook,
  CODES.unknownInteraction,
  CODES.unknownMessage,
  CODES.invalidWebhookToken,
]);

export function createForgotten(): Forgotten {
  const tokens = new Set<string>();
  return {
    has: ({ token }) => tokens.has(token),
    note({ token }, answer) {
      if (answer.kind !== "refused") return false;
      if (answer.status !== 401 && answer.status !== 404 && !GONE.has(answer.code)) return false;
      tokens.add(token);
      const [oldest] = tokens;
      if (tokens.size > MOST && oldest !== undefined) tokens.delete(oldest);
      return true;
    },
  };
}
