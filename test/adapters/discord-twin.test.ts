/** A command of Discord's from end to end, over a Discord that somebody else wrote: discord-digital-twin. */
import { Server } from "node:net";
import { expect, test, vi } from "vitest";
import { createTwin } from "../support/discord/twin.ts";
import { scripted, says } from "../support/model.ts";
import { startNova } from "../support/nova.ts";

/** The twin opens its port to everybody; tests are nobody else's. */
function onLoopback(): Disposable {
  const listen = Object.getOwnPropertyDescriptor(Server.prototype, "listen")?.value;
  const patched = vi.spyOn(Server.prototype, "listen").mockImplementation(function (this: Server, ...args: unknown[]) {
    const [port, ready] = args;
    if (typeof port !== "number" || typeof ready !== "function") return Reflect.apply(listen, this, args);
    return Reflect.apply(listen, this, [port, "127.0.0.1", ready]);
  });
  return { [Symbol.dispose]: () => patched.mockRestore() };
}

test("a slash command is answered on a Discord that nobody here wrote", async () => {
  using _ = onLoopback();
  const twin = await createTwin({ channels: [{ name: "garden", type: 0 }], users: [{ username: "ada" }] });
  await twin.start();
  const ada = (await twin.getFirstNonBotUserId()) ?? "";
  const garden = (await twin.prisma.channel.findFirstOrThrow({ where: { name: "garden" } })).id;
  await using nova = await startNova({
    adapters: ["discord"],
    env: {
      DISCORD_TOKEN: twin.botToken,
      DISCORD_APPLICATION_ID: twin.botUserId,
      DISCORD_API_URL: twin.restUrl,
      NOVA_OWNER: `discord:${ada}`,
    },
    models: scripted(says("Leeks, mostly.")).models,
    service: true,
  });
  const up = Promise.withResolvers<void>();
  await nova.nova.start({ controlToken: "token", onChannel: ({ kind }) => (kind === "up" ? up.resolve() : undefined) });
  await up.promise;

  const options = [
    { name: "question", type: 3, value: "what grows here?" },
    { name: "share", type: 5, value: true },
  ];
  const { id } = await twin.simulateSlashCommand({ channelId: garden, userId: ada, name: "ask", options });
  const channel = twin.channel(garden);
  await vi.waitFor(async () => {
    const said = (await channel.getMessages()).map(({ content }) => content).join();
    expect(said).toContain("Leeks, mostly.");
  });
  expect(await channel.getInteractionResponse(id)).toMatchObject({ acknowledged: true });
  await nova.nova.stop();
  await twin.stop();
});
