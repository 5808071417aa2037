/** Senders of the scripted day: they send a line again and again until it is acknowledged, as webhooks and pages do. */
import { setTimeout as pause } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { expect } from "vitest";
import { z } from "zod";
import type { Fleet } from "../support/fleet.ts";
import { post, type Service } from "../support/service.ts";
import type { Line, Place } from "./day-script.ts";

export const door = z.object({ secret: z.string(), token: z.string() });
/** What the endpoints were given. */
export type Doors = Readonly<Record<"shortcut" | "alerts", z.infer<typeof door>>>;

/** Sessions of the three people. */
export type Cookies = Readonly<Record<"Owner" | "Ada" | "Bob", string>>;
export const isPage = (place: Place): place is keyof Cookies => place !== "shortcut" && place !== "alerts";

type Sending = {
  readonly fleet: Fleet;
  readonly cookies: Cookies;
  readonly doors: Doors;
  readonly random: { next(): number };
};

/** Sends a line to whichever process is up until it is acknowledged, as senders and pages do; the id of its message. */
export function createSender({ fleet, cookies, doors, random }: Sending): (line: Line) => Promise<string> {
  const attempt = async (line: Line): Promise<string | undefined> => {
    const up = fleet.up();
    const service = up[Math.floor(random.next() * up.length)];
    const response = service && (await offer(service, line).catch(() => undefined));
    if (!response || response.status >= 500) return undefined;
    expect([200, 202], `${line.place}: ${line.text}`).toContain(response.status);
    return z.object({ id: z.string() }).parse(await response.json()).id;
  };
  const offer = (service: Service, { place, id, text }: Line): Promise<Response> =>
    isPage(place) ? post(service, cookies[place], { id, text }) : postSigned(service, place, { id, text });
  const postSigned = (service: Service, place: keyof Doors, { id, text }: Pick<Line, "id" | "text">) => {
    const body = JSON.stringify({ text });
    const at = new Date();
    return fetch(`${service.url}/hooks/${place}`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
        "webhook-signature": new Webhook(doors[place].secret).sign(id, at, body),
      },
    });
  };
  const until = async (line: Line): Promise<string> => {
    for (;;) {
      // A process that dies between its answer's head and body has answered nothing.
      const id = await attempt(line).catch((error: unknown) => {
        if (error instanceof Error && error.name === "AssertionError") throw error;
        return undefined;
      });
      if (id !== undefined) return id;
      await pause(50);
    }
  };
  return async (line) => {
    const ids = new Set(await Promise.all(Array.from({ length: line.copies }, () => until(line))));
    expect([...ids], `every copy of “${line.text}” is one message`).toHaveLength(1);
    return [...ids].join();
  };
}
