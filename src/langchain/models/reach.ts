/** Asks an OpenAI-compatible server which models it has: nothing is generated, so nothing is paid. Used by doctoring.ts. */
import { z } from "zod";

export type ReachOptions = {
  readonly apiKey?: string | undefined;
  /** Ends in /v1; that of OpenAI when left out. */
  readonly baseUrl?: string | undefined;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
};

export type Reach =
  | {
      readonly kind: "reached";
      /** The names of its models. */
      readonly models: readonly string[];
      readonly ms: number;
      /** The server's clock, to the second; null when it does not say. */
      readonly date: Date | null;
    }
  /** It answers, and not as an OpenAI-compatible server does: with a page, for instance. */
  | { readonly kind: "strange" }
  | { readonly kind: "refused"; readonly status: number }
  /** No answer at all: the code of the network's error, or `TimeoutError`. */
  | { readonly kind: "unreachable"; readonly code: string };

const OPENAI = "https://api.openai.com/v1";
const listing = z.object({ data: z.array(z.object({ id: z.string() })) });

export async function reachModels({ apiKey, baseUrl, fetch, signal }: ReachOptions): Promise<Reach> {
  const began = performance.now();
  try {
    const response = await fetch(`${(baseUrl ?? OPENAI).replace(/\/+$/, "")}/models`, {
      headers: { accept: "application/json", ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
      signal,
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) return { kind: "refused", status: response.status };
    const list = listing.safeParse(body);
    if (!list.success) return { kind: "strange" };
    const date = new Date(response.headers.get("date") ?? "");
    return {
      kind: "reached",
      models: list.data.data.map(({ id }) => id),
      ms: performance.now() - began,
      date: Number.isNaN(date.getTime()) ? null : date,
    };
  } catch (error) {
    return { kind: "unreachable", code: codeOf(error) };
  }
}

/** What fetch throws says little; its cause says which step of the network failed. */
function codeOf(error: unknown): string {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if ("code" in e && typeof e.code === "string") return e.code;
    // Nobody connected: fetch refuses some ports, and gives the reason in words alone.
    if (e.message === "bad port") return "BAD_PORT";
    if (!(e.cause instanceof Error)) return e.name;
  }
  return "unknown";
}
