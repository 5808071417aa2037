/** Keeps discord.js from falling over an event of a shape that it does not expect. Used by gateway.ts. */
import type { Client } from "discord.js";

/** What of discord.js reads events; kept from its typings. */
type Reader = {
  handlePacket(packet?: { readonly t?: unknown }, shard?: unknown): boolean;
  attachEvents(): void;
  readonly _ws: {
    listeners(event: string): readonly ((...all: readonly unknown[]) => unknown)[];
    removeAllListeners(event: string): unknown;
    on(event: string, listener: (...all: readonly unknown[]) => void): unknown;
  } | null;
};

/** What its connection rests on; all else is read by the adapter, and discord.js remembers none of it. */
const NEEDED = new Set<unknown>(["READY", "RESUMED"]);
const EVENTS = ["dispatch", "ready", "resumed"];

const isReader = (ws: unknown): ws is Reader =>
  typeof ws === "object" && ws !== null && "handlePacket" in ws && "attachEvents" in ws && "_ws" in ws;

/** An error behind an event would end the process: nobody waits for what discord.js makes of it. */
export function guard(client: Client, failed: (error: unknown) => void): void {
  const reader: unknown = client.ws;
  if (!isReader(reader)) throw new Error("discord.js reads events in another way than this was written for");
  const [handle, attach] = [reader.handlePacket.bind(reader), reader.attachEvents.bind(reader)];
  reader.handlePacket = (packet, shard) => !packet || !NEEDED.has(packet.t) || handle(packet, shard);
  reader.attachEvents = () => {
    attach();
    const inner = reader._ws;
    for (const event of EVENTS) {
      const listeners = inner?.listeners(event) ?? [];
      inner?.removeAllListeners(event);
      for (const listener of listeners)
        inner?.on(event, (...all) => {
          try {
            listener(...all);
          } catch (error) {
            failed(error);
          }
        });
    }
  };
}
