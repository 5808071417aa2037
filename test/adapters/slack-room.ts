/** A Nova on the Slack peer, by Socket Mode or HTTP: what tests of the Slack adapter share. */
import { startNova, type TestNova, type TestNovaOptions } from "../support/nova.ts";
import { startSlackPeer, type SlackPeer } from "../support/slack/peer.ts";

export type SlackRoom = {
  readonly slack: SlackPeer;
  readonly test: TestNova;
  /** Where Slack's requests go; the socket's needs none. */
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
};

export type SlackRoomOptions = TestNovaOptions & {
  readonly slack?: SlackPeer;
  /** Names of people whom nobody links to the owner. */
  readonly owners?: readonly string[];
};

/** The peer is closed with the room, also one that was handed in. */
export async function openSlackRoom(mode: "socket" | "http", options: SlackRoomOptions = {}): Promise<SlackRoom> {
  const slack = options.slack ?? (await startSlackPeer());
  const owners = options.owners ?? ["ada"];
  const test = await startNova({
    ...options,
    adapters: ["slack"],
    service: true,
    env: {
      ...slack.env(mode),
      NOVA_OWNER: owners.map((name) => slack.account(name)).join(","),
      ...options.env,
    },
  });
  const started = await test.nova.start({ controlToken: "a-control-token-for-tests" });
  const url = `${started.url}/slack/events`;
  if (mode === "http") slack.deliverTo(url);
  return {
    slack,
    test,
    url,
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await slack.close();
    },
  };
}
