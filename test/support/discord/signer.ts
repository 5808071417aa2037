/** Sends interactions to an address, signed as Discord signs them; and badly, as Discord does to try it out. */
import { sign } from "node:crypto";
import { respond } from "./routes-interactions.ts";
import { isRecord } from "./answer.ts";
import type { Gateway } from "./gateway.ts";
import type { Json, World } from "./world.ts";

export type Signing = {
  /** Seconds that the stamp is off: negative for the past. */
  readonly skew?: number;
  /** Signed for another body. */
  readonly forged?: boolean;
  /** No signature at all. */
  readonly bare?: boolean;
};

export interface Signer {
  /** Where interactions go from now on instead of the gateway; tried out first, as Discord does when it is saved. */
  save(url: string): Promise<void>;
  readonly url: () => string | null;
  send(raw: Json | string, signing?: Signing): Promise<Response>;
}

export function createSigner(world: World, gatewayOf: () => Gateway): Signer {
  let endpoint: string | null = null;

  async function post(
    url: string,
    raw: Json | string,
    { skew = 0, forged = false, bare = false }: Signing,
  ): Promise<Response> {
    const body = typeof raw === "string" ? raw : JSON.stringify(raw);
    const stamp = String(Math.floor(world.clock.now().getTime() / 1000) + skew);
    const signed = Buffer.from(stamp + (forged ? `${body} ` : body));
    const signature = sign(null, signed, world.application.privateKey).toString("hex");
    const headers = {
      "content-type": "application/json",
      "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
    };
    const proof = bare ? {} : { "x-signature-timestamp": stamp, "x-signature-ed25519": signature };
    return fetch(url, { method: "POST", headers: { ...headers, ...proof }, body });
  }

  return {
    url: () => endpoint,
    async save(url) {
      const ping = { id: world.id(), application_id: world.application.id, type: 1, token: "ping", version: 1 };
      const good = await post(url, ping, {});
      const pong: unknown = good.status === 200 ? await good.json() : null;
      if (!isRecord(pong) || pong["type"] !== 1) throw new Error(`the address did not answer a PING: ${good.status}`);
      const bad = await post(url, ping, { forged: true });
      if (bad.status !== 401) throw new Error(`the address took a bad signature: ${bad.status}`);
      endpoint = url;
    },
    async send(raw, signing = {}) {
      if (endpoint === null) throw new Error("no address was saved");
      const response = await post(endpoint, raw, signing);
      const answer: unknown = response.status === 200 ? await response.clone().json() : null;
      if (isRecord(raw) && isRecord(answer) && answer["type"] !== 1)
        respond({
          world,
          gateway: gatewayOf(),
          params: { interaction_id: String(raw["id"]), interaction_token: String(raw["token"]) },
          query: new URLSearchParams(),
          body: answer,
        });
      return response;
    },
  };
}
