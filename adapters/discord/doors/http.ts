/** The other intake: Discord posts each interaction to a public address. Verified on raw bytes before anything is read. Made by index.ts. */
import type { KeyObject } from "node:crypto";
import type { AdapterHost, AdapterRoute, Health } from "#core";
import { isPing } from "../inbound/interaction.ts";
import type { TakeInteraction } from "../inbound/take-interaction.ts";
import { snowflake } from "../platform.ts";
import { STALE_MS, type Rest } from "../rest.ts";
import { verify } from "../verify.ts";

/** What is entered at Discord behind Nova's public address. */
export const INTERACTIONS_PATH = "/discord/interactions";

const MAX_BYTES = 1024 * 1024;
/** Longer than a signature is good, to both sides. */
const KEPT_MS = 11 * 60_000;
const PONG = { type: 1 };

export type HttpDeps = {
  readonly key: KeyObject;
  readonly takeInteraction: TakeInteraction;
  readonly host: Pick<AdapterHost, "clock">;
  readonly rest: Pick<Rest, "takenAt">;
  /** Told of what goes on behind an answer. */
  readonly track: (work: Promise<void>) => void;
};

export interface Http {
  readonly routes: readonly AdapterRoute[];
  health(): Health;
}

export function createHttp({ key, takeInteraction, host, rest, track }: HttpDeps): Http {
  const seen = new Map<string, number>();
  let good = 0;
  let refused = 0;
  let goodAt: Date | null = null;

  /** Discord sends each once: one that comes again was listened in on. */
  function isReplay(id: string, now: number): boolean {
    for (const [old, at] of seen) {
      if (now - at <= KEPT_MS) break;
      seen.delete(old);
    }
    if (seen.has(id)) return true;
    seen.set(id, now);
    return false;
  }

  async function handle(request: Request): Promise<Response> {
    const bytes = new Uint8Array(await request.arrayBuffer());
    const now = host.clock.now();
    if (verify(request.headers, bytes, key, now) !== "good") {
      refused += 1;
      return new Response("invalid request signature", { status: 401 });
    }
    good += 1;
    goodAt = now;
    const data = jsonOf(bytes);
    if (isPing(data)) return Response.json(PONG);
    const id = idOf(data);
    if (id === undefined) return new Response("not an interaction", { status: 400 });
    // Answered by its token, as the gateway's are.
    if (!isReplay(id, now.getTime())) track(takeInteraction(data));
    return new Response(null, { status: 202 });
  }

  return {
    routes: [{ surface: "public", method: "POST", path: INTERACTIONS_PATH, maxBytes: MAX_BYTES, handle }],
    health() {
      const last = Math.max(goodAt?.getTime() ?? 0, rest.takenAt()?.getTime() ?? 0);
      const posts = `${good} good posts, ${refused} refused`;
      if (last === 0)
        return { ok: false, detail: `served with the public port, and nothing heard of Discord yet; ${posts}` };
      const silent = host.clock.now().getTime() - last;
      if (silent <= STALE_MS) return { ok: true, detail: `served with the public port; ${posts}` };
      return { ok: false, detail: `nothing heard of Discord for ${Math.round(silent / 60_000)} min; ${posts}` };
    },
  };
}

function idOf(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("id" in data)) return undefined;
  return snowflake.safeParse(data.id).data;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
