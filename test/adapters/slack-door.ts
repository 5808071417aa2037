/** The Slack adapter between the peer and a host that keeps what it is handed, or refuses it: for tests of the doors. */
import {
  createProgressBus,
  conversationId,
  HOME,
  messageId,
  personId,
  type Adapter,
  type AdapterHost,
  type Inbound,
  type Log,
  type Press,
  type Pressed,
  type Receipt,
  type Revision,
} from "#core";
import slackAdapter from "../../adapters/slack/index.ts";
import { createHttpServer } from "../../src/http/server.ts";
import { createSeal } from "../../src/service/seal.ts";
import { REST_OF_HOST } from "../support/host.ts";
import { startSlackPeer, type SlackPeer } from "../support/slack/peer.ts";

export type SlackDoor = {
  readonly slack: SlackPeer;
  readonly adapter: Adapter;
  readonly inbounds: Inbound[];
  readonly revisions: Revision[];
  readonly presses: Press[];
  /** All log lines, as one string. */
  logged(): string;
  /** Where Slack's requests go, by HTTP. */
  readonly url: string;
  /** While it is set nothing is stored. */
  fail(error: Error | undefined): void;
  /** What clicks and forms are answered with from now on. */
  onPress(behaviour: (press: Press) => Promise<Pressed>): void;
  /** What the next inbounds are answered with. */
  answers(receipt: Receipt | undefined): void;
  /** Accepting takes as long as this promise. */
  hold(gate: Promise<void> | undefined): void;
  /** How many inbounds are being accepted just now. */
  readonly waiting: () => number;
  /** How often the connection came up, and what ended it. */
  readonly ups: () => number;
  readonly ends: readonly unknown[];
  /** The time that the adapter and the peer see runs ahead of the true one by so much. */
  pass(ms: number): void;
  /** Listens, again as the roof does after a crash. Resolves when the connection is up, or has ended before that. */
  listen(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const ADA = { id: personId("1"), tenant: HOME, name: "Ada", role: "owner" } as const;

export async function openSlackDoor(
  mode: "socket" | "http",
  env: Readonly<Record<string, string>> = {},
): Promise<SlackDoor> {
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead) };
  const slack = await startSlackPeer({ clock });
  const inbounds: Inbound[] = [];
  const revisions: Revision[] = [];
  const presses: Press[] = [];
  const lines: string[] = [];
  const ends: unknown[] = [];
  let failure: Error | undefined;
  let receipt: Receipt | undefined;
  let gate: Promise<void> | undefined;
  let waiting = 0;
  let ups = 0;
  let pressing: (press: Press) => Promise<Pressed> = async () => ({
    kind: "done",
    card: { text: "It was **done**.", actions: [] },
  });
  const line = (...words: readonly unknown[]): void =>
    void lines.push(
      words.map((word) => (word instanceof Error ? `${word.name}: ${word.message}` : JSON.stringify(word))).join(" "),
    );
  const log: Log = { debug: line, info: line, warn: line, error: line };
  const host: AdapterHost = {
    ...REST_OF_HOST,
    people: nothing(),
    endpoints: nothing(),
    transcript: nothing(),
    async accept(inbound) {
      waiting += 1;
      await gate;
      waiting -= 1;
      if (failure) throw failure;
      const known = inbounds.some(
        ({ deliveryKey, messageKey, address }) =>
          deliveryKey === inbound.deliveryKey ||
          (messageKey === inbound.messageKey && address.container === inbound.address.container),
      );
      if (!known) inbounds.push(inbound);
      const message = messageId(String(inbounds.length));
      return receipt ?? { kind: "accepted", message, conversation: conversationId("1"), person: ADA, duplicate: known };
    },
    async revise(revision) {
      if (failure) throw failure;
      revisions.push(revision);
      return { kind: "revised", read: true };
    },
    async press(press) {
      if (failure) throw failure;
      presses.push(press);
      return pressing(press);
    },
    seal: (secret) => createSeal(secret, "slack"),
    progress: createProgressBus(() => {}),
    agentName: (id) => id,
    clock,
    log,
    publicUrl: () => "http://127.0.0.1",
  };
  const adapter = slackAdapter.create(slackAdapter.settings.parse({ ...slack.env(mode), ...env }), host);
  const server = createHttpServer({ host: "127.0.0.1", port: 0, routes: adapter.routes, health: [], log });
  const url = `${(await server.start()).url}/slack/events`;
  if (mode === "http") slack.deliverTo(url);
  const stopping = new AbortController();
  let listening: Promise<void> | undefined;
  const listen = async (): Promise<void> => {
    const { promise: isUp, resolve } = Promise.withResolvers<void>();
    const up = (): void => {
      ups += 1;
      resolve();
    };
    listening = adapter.listen?.(stopping.signal, up).then(
      () => void ends.push("stopped"),
      (error: unknown) => void ends.push(error),
    );
    await Promise.race([isUp, listening]);
  };
  return {
    slack,
    adapter,
    inbounds,
    revisions,
    presses,
    logged: () => lines.join("\n"),
    url,
    fail: (error) => void (failure = error),
    onPress: (behaviour) => void (pressing = behaviour),
    answers: (given) => void (receipt = given),
    hold: (given) => void (gate = given),
    waiting: () => waiting,
    ups: () => ups,
    ends,
    pass: (ms) => void (ahead += ms),
    listen,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await listening;
      await adapter.stop?.();
      await server.stop();
      await slack.close();
    },
  };
}

/** A port that no test of the doors asks for anything. */
function nothing<T extends object>(): T {
  return new Proxy(Object.create(null), {
    get() {
      throw new Error("this test offers no such thing");
    },
  });
}
