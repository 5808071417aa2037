/** A channel: a folder in adapters/ whose index.ts default-exports a definition. Loaded by src/plugins. */
import type { z } from "zod";
import type { Address } from "./address.ts";
import type { Clock } from "./clock.ts";
import type { Endpoints } from "./endpoint.ts";
import type { AgentId } from "./ids.ts";
import type { Receipt } from "./intake.ts";
import type { Log } from "./log.ts";
import type { Ignored, Inbound } from "./message.ts";
import type { OutPart, RenderedPart, SendResult } from "./outbox.ts";
import type { People, Person } from "./person.ts";
import type { ProgressBus } from "./progress.ts";
import type { Transcript } from "./turn.ts";

export type AdapterCaps = {
  /** Most UTF-16 units of one rendered body; Infinity when there is no limit. */
  readonly maxText: number;
  /** True when sending the same part twice shows it once. */
  readonly idempotentSend: boolean;
};

/** What the core offers a channel. */
export interface AdapterHost {
  /** Stores an inbound and enqueues its turn. Resolves only when it is safe to acknowledge; throws when it is not stored. */
  accept(inbound: Inbound): Promise<Receipt>;
  readonly people: People;
  readonly endpoints: Pick<Endpoints, "keys" | "byToken" | "touched">;
  readonly transcript: Transcript;
  readonly progress: ProgressBus;
  /** The agent as people read it: the roster's name, or the id of one that is no longer there. */
  agentName(id: AgentId): string;
  readonly clock: Clock;
  readonly log: Log;
  /** The address people reach this installation at, for instance http://127.0.0.1:3000. */
  readonly publicUrl: () => string;
}

/** Header with the caller's network address; the server writes it over whatever the client sent. For throttles. */
export const PEER_HEADER = "nova-peer";

/**
 * An HTTP route of a channel. `public` is served on the open port; `control` on the loopback port that only holders
 * of the control token reach, and in process when no service runs.
 */
export type AdapterRoute = {
  readonly surface: "public" | "control";
  readonly method: "GET" | "POST" | "DELETE";
  /** For instance /chat/messages; `:name` segments are handed over in `params`. */
  readonly path: string;
  /** Most bytes of a body; larger ones are answered 413 before this is called. */
  readonly maxBytes: number;
  /** The body is at most `maxBytes` long. PEER_HEADER names who is at the other end of the socket, if anyone is. */
  handle(request: Request, params: Readonly<Record<string, string>>): Promise<Response>;
};

export type Health = { readonly ok: boolean; readonly detail: string };

export interface Adapter {
  readonly routes: readonly AdapterRoute[];
  /** Starts listening, for channels that connect out. Returns when connected. */
  start?(signal: AbortSignal): Promise<void>;
  /** One write. Never retries and never throws for what the platform answers. */
  send(part: OutPart, signal: AbortSignal): Promise<SendResult>;
  /** After a crash between send and record. Absent: the part's fate stays unknown. */
  reconcile?(part: OutPart): Promise<"sent" | "absent" | "cannot_tell">;
  health(): { readonly transport: Health; readonly admission: Health; readonly auth: Health };
  stop?(): Promise<void>;
}

export type AdapterDefinition<Settings extends z.ZodObject = z.ZodObject> = {
  readonly kind: "adapter";
  /** The folder's name. */
  readonly platform: string;
  /** Environment variables it reads, each with `.describe()`; read only if NOVA_ADAPTERS names the adapter. */
  readonly settings: Settings;
  readonly caps: AdapterCaps;
  /** Pure: a parsed JSON body to an inbound, or the reason to ignore it. `unknown` at the door, zod once. */
  parse(body: unknown, context: { readonly person: Person; readonly now: Date }): Inbound | Ignored;
  /** Pure: Markdown to parts of at most `maxText`, in order; no character of the text is lost. */
  render(markdown: string): readonly RenderedPart[];
  /** Bodies for the contract suite: what `parse` must accept and what it must refuse without throwing. */
  readonly examples: { readonly accepted: readonly unknown[]; readonly ignored: readonly unknown[] };
  create(settings: z.infer<Settings>, host: AdapterHost): Adapter;
};

export const defineAdapter = <Settings extends z.ZodObject>(
  definition: Omit<AdapterDefinition<Settings>, "kind">,
): AdapterDefinition<Settings> => ({ kind: "adapter", ...definition });

/** Where a reply's Markdown is put into a platform's dialect; an absent channel gets plain text in one part. */
export interface Surfaces {
  render(address: Address, markdown: string): readonly RenderedPart[];
}
