/** A channel for tests: people speak through `say`, and what Nova sends is kept in order. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  agentId,
  defineAdapter,
  type AdapterDefinition,
  type AdapterHost,
  type Address,
  type ExternalId,
  type Fetched,
  type FileRef,
  type OutPart,
  type Person,
  type Pressed,
  type Progress,
  type Receipt,
  type Revised,
  type SendResult,
  type ProjectId,
  type TurnId,
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
      /** A thread or a place for commands in the room. */
      readonly root?: string;
      readonly shared?: boolean;
      /** Somebody's words that came in by this account. */
      readonly outside?: boolean;
      /** Whom they are addressed to. */
      readonly agent?: string;
      readonly files?: readonly FileRef[];
      /** As the platform names the sender. */
      readonly name?: string;
      /** Where a conversation that begins with it belongs. */
      readonly project?: ProjectId;
      /** When the platform took it; by default now. */
      readonly sentAt?: Date;
    },
  ): Promise<Receipt>;
  /** Changes what was said under this key; null takes it back. */
  revise(account: string, key: string, text: string | null, options?: { readonly room?: string }): Promise<Revised>;
  stop(turn: TurnId): Promise<void>;
  /** What a file holds, or what its platform does instead, by the file's `ref`. */
  readonly files: Map<string, (signal: AbortSignal) => Promise<Fetched>>;
  /** Presses the button of this id. */
  press(
    account: string,
    action: string,
    options?: {
      readonly room?: string;
      readonly shared?: boolean;
      /** What was filled into its form. */
      readonly fields?: Readonly<Record<string, string>>;
    },
  ): Promise<Pressed>;
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
  /** The platform answers no such question any more; resolves when one is asked, with the signal that it was asked under. */
  muses(): Promise<AbortSignal>;
}

export function createTestChannel(
  caps: {
    readonly maxText?: number;
    readonly idempotentSend?: boolean;
    readonly platform?: string;
    readonly commandPrefix?: string;
  } = {},
): TestChannel {
  let fate: "sent" | "absent" | "cannot_tell" = "cannot_tell";
  const { maxText = Infinity, idempotentSend = true, platform = "test", ...more } = caps;
  const at = addressAt(platform);
  const accountOf = (id: string): ExternalId => ({ platform, scope: "lab", id });
  const parts: OutPart[] = [];
  const progress: Progress[] = [];
  const failures: SendResult[] = [];
  const files = new Map<string, (signal: AbortSignal) => Promise<Fetched>>();
  let throwing = 0;
  let musing: PromiseWithResolvers<AbortSignal> | undefined;
  let host: AdapterHost | undefined;
  const ready = (): AdapterHost => {
    if (!host) throw new Error("the channel is not made yet");
    return host;
  };
  return {
    parts,
    progress,
    files,
    definition: defineAdapter({
      platform,
      settings: z.object({}),
      caps: { maxText, idempotentSend, buttons: true, ...more },
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
          fetch: (file, _limits, signal) =>
            files.get(file.ref)?.(signal) ?? Promise.resolve({ kind: "refused", why: "There is no such file." }),
          async reconcile(_part, signal) {
            if (!musing) return fate;
            musing.resolve(signal);
            return new Promise((resolve) => {
              signal.addEventListener("abort", () => resolve("cannot_tell"));
            });
          },
          health: () => ({ transport: OK, admission: OK, auth: OK }),
        };
      },
    }),
    async say(
      account,
      text,
      { key = randomUUID(), room = account, root, shared = false, outside = false, ...more } = {},
    ) {
      const now = ready().clock.now();
      const sender = accountOf(account);
      return ready().accept({
        deliveryKey: key,
        messageKey: key,
        address: { ...at(room, shared), root: root ?? null },
        sender,
        text,
        sentAt: more.sentAt ?? now,
        ...(outside ? { origin: "outside" } : {}),
        agent: more.agent === undefined ? null : agentId(more.agent),
        ...(more.files ? { files: more.files } : {}),
        ...(more.name === undefined ? {} : { senderName: more.name }),
        ...(more.project === undefined ? {} : { project: more.project }),
      });
    },
    press: (account, action, { room = account, shared = false, fields } = {}) =>
      ready().press({
        address: at(room, shared),
        sender: accountOf(account),
        action,
        ...(fields ? { fields } : {}),
      }),
    revise: (account, key, text, { room = account } = {}) =>
      ready().revise({
        deliveryKey: randomUUID(),
        messageKey: key,
        address: at(room, false),
        sender: accountOf(account),
        text,
        at: ready().clock.now(),
      }),
    stop: (turn) => ready().stop(turn),
    introduce: (account, person) => ready().people.link(accountOf(account), person.id),
    sent: (room) =>
      parts.filter((part) => room === undefined || part.address.container === room).map((part) => part.body),
    failNext: (...results) => void failures.push(...results),
    throwNext: (times) => void (throwing += times),
    knows: (said) => void (fate = said),
    muses: () => (musing = Promise.withResolvers()).promise,
  };
}

const OK = { ok: true, detail: "test" };
const addressAt =
  (platform: string) =>
  (room: string, shared: boolean): Address => ({
    platform,
    scope: "lab",
    container: room,
    root: null,
    visibility: shared ? "shared" : "private",
  });

function pieces(text: string, size: number): string[] {
  if (text.length <= size) return [text];
  return [text.slice(0, size), ...pieces(text.slice(size), size)];
}
