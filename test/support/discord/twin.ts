/** A Discord that somebody else wrote, discord-digital-twin, as far as tests use it. */

export interface Twin {
  readonly botToken: string;
  readonly botUserId: string;
  readonly restUrl: string;
  readonly prisma: {
    readonly channel: { findFirstOrThrow(query: { where: { name: string } }): Promise<{ readonly id: string }> };
  };
  start(): Promise<void>;
  stop(): Promise<void>;
  getFirstNonBotUserId(): Promise<string | undefined>;
  simulateSlashCommand(command: {
    channelId: string;
    userId: string;
    name: string;
    options: readonly { name: string; type: number; value: string | boolean }[];
  }): Promise<{ readonly id: string }>;
  channel(id: string): {
    getMessages(): Promise<readonly { readonly content: string }[]>;
    getInteractionResponse(id: string): Promise<unknown>;
  };
}

type World = {
  readonly channels: readonly { readonly name: string; readonly type: number }[];
  readonly users: readonly { readonly username: string }[];
};

/** Its own types bring a framework's globals along, under which no element of a page has any property. */
const PACKAGE: string = "discord-digital-twin";

export async function createTwin(world: World): Promise<Twin> {
  const { DigitalDiscord }: { DigitalDiscord: new (world: World) => Twin } = await import(PACKAGE);
  return new DigitalDiscord(world);
}
