/** A channel for tests: people speak through `say`, and what Nova sends is kept in order. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  agentId,
  defineAdapter,
  type AdapterDefinition,
  type AdapterHost,
  type Address,
  type OutPart,
  type Person,
  type Progress,
  type Receipt,
  type SendResult,
} from "#core";

export interface TestChannel {
  readonly definition: AdapterDefinition;
  /** Offers words of an account. The same `key` twice is the same delivery. */
  say(
    account: string,
    text: string,
    options?: {
      readonly key?: string;
      readonly room?: string;
      readonly shared?: boolean;
      /** Somebody's words that came in by this account. */
      readonly outside?: boolean;
      /** Whom they are addressed to. */
      readonly agent?: string;
    },
  ): Promise<Receipt>;
  /** Links an account to a person, so that it is known. */
  introduce(account: string, person: Person): Promise<void>;
  /** Texts of the parts sent so far, in order; of one room when it is named. */
  sent(room?: string): readonly string[];
  readonly parts: readonly OutPart[];
  readonly progress: readonly Progress[];
  /** How the next sends end; after that all are sent. */
  failNext(...results: readonly SendResult[]): void;
  /** So many of the next sends throw, which no adapter should. */
  throwNext(times: number): void;
  /** What the platform says from now on of sends whose end nobody saw. */
  knows(fate: "sent" | "absent" | "cannot_tell"): void;
}

export function createTestChannel(
  caps: { readonly maxText?: number; readonly idempotentSend?: boolean } = {},
): TestChannel {
  let fate: "sent" | "absent" | "cannot_tell" = "cannot_tell";
  const { maxText = Infinity, idempotentSend = true } = caps;
  const parts: OutPart[] = [];
  const progress: Progress[] = [];
  const failures: SendResult[] = [];
  let throwing = 0;
  let host: AdapterHost | undefined;
  const ready = (): AdapterHost => {
    if (!host) throw new Error("the channel is not made yet");
    return host;
  };
  return {
    parts,
    progress,
    definition: defineAdapter({
      platform: "test",
      settings: z.object({}),
      caps: { maxText, idempotentSend, buttons: true },
      parse: () => ({ ignored: "nothing is posted here" }),
      render: (markdown) => pieces(markdown, maxText).map((body) => ({ body })),
      examples: { accepted: [], ignored: [null] },
      create(_settings, given) {
        host = given;
        given.progress.listen((_address, event) => progress.push(event));
        return {
          routes: [],
          async send(part) {
            if (throwing > 0) {
              throwing -= 1;
              throw new Error("the channel broke its promise");
            }
            const failure = failures.shift();
            if (failure) return failure;
            parts.push(part);
            return { kind: "sent", externalId: `test-${part.id}` };
          },
          reconcile: async () => fate,
          health: () => ({ transport: OK, admission: OK, auth: OK }),
        };
      },
    }),
    async say(account, text, { key = randomUUID(), room = account, shared = false, outside = false, agent } = {}) {
      const now = ready().clock.now();
      const sender = { platform: "test", scope: "lab", id: account };
      return ready().accept({
        deliveryKey: key,
        messageKey: key,
        address: at(room, shared),
        sender,
        text,
        sentAt: now,
        ...(outside ? { origin: "outside" } : {}),
        agent: agent === undefined ? null : agentId(agent),
      });
    },
    introduce: (account, person) => ready().people.link({ platform: "test", scope: "lab", id: account }, person.id),
    sent: (room) =>
      parts.filter((part) => room === undefined || part.address.container === room).map((part) => part.body),
    failNext: (...results) => void failures.push(...results),
    throwNext: (times) => void (throwing += times),
    knows: (said) => void (fate = said),
  };
}

const OK = { ok: true, detail: "test" };
const at = (room: string, shared: boolean): Address => ({
  platform: "test",
  scope: "lab",
  container: room,
  root: null,
  visibility: shared ? "shared" : "private",
});

function pieces(text: string, size: number): string[] {
  if (text.length <= size) return [text];
  return [text.slice(0, size), ...pieces(text.slice(size), size)];
}
