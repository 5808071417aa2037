/** A channel: a folder in adapters/ whose index.ts default-exports a definition. Loaded by src/plugins. */
import type { z } from "zod";
import type { Address } from "./address.ts";
import type { ShownProposal } from "./approval.ts";
import type { Press, Pressed } from "./card.ts";
import type { Clock } from "./clock.ts";
import type { Endpoints } from "./endpoint.ts";
import type { Fetched, FetchLimits, FileRef } from "./file.ts";
import type { AgentId, MessageId, PersonId, TurnId } from "./ids.ts";
import type { Receipt } from "./intake.ts";
import type { Log } from "./log.ts";
import type { Ignored, Inbound } from "./message.ts";
import type { OutPart, RenderedPart, SendResult } from "./outbox.ts";
import type { People, Person, Role } from "./person.ts";
import type { ProgressBus } from "./progress.ts";
import type { Revised, Revision } from "./revision.ts";
import type { Seal } from "./seal.ts";
import type { AdapterSetup } from "./setup.ts";
import type { Drafts, Transcript } from "./turn.ts";

export type AdapterCaps = {
  /** Most UTF-16 units of one rendered body; Infinity when there is no limit. */
  readonly maxText: number;
  /** True when sending the same part twice shows it once. */
  readonly idempotentSend: boolean;
  /** True when it shows a reply's actions as buttons. */
  readonly buttons: boolean;
  /** What people type in the place of a command's slash, for instance `/nova `; absent: a slash. */
  readonly commandPrefix?: string;
  /**
   * True when its platform brings again what nobody acknowledged, or takes it to another process: its connection is the
   * first that ends when Nova stops. Left out: it ends behind the work, for until then senders can be told to repeat it.
   */
  readonly redelivers?: boolean;
};

/** What the core offers a channel. */
export interface AdapterHost {
  /** Stores an inbound and enqueues its turn. Resolves only when it is safe to acknowledge; throws when it is not stored. */
  accept(inbound: Inbound): Promise<Receipt>;
  /** Stores an edit or a deletion as a version of the message; throws when it is not stored. */
  revise(revision: Revision): Promise<Revised>;
  /** Does what a button is for. Always answers; throws only when the database is away. */
  press(press: Press): Promise<Pressed>;
  /** Ends a turn as `/stop` does, for platforms with a stop of their own. */
  stop(turn: TurnId): Promise<void>;
  readonly drafts: Drafts;
  /**
   * A seal whose key is derived from a secret that every process with this channel has, such as its token; under another
   * secret nothing older opens.
   */
  seal(secret: string): Seal;
  /** Whom people of this role may address, for lists and completion. */
  agents(role: Role): readonly { readonly id: AgentId; readonly name: string; readonly purpose: string }[];
  /** What an agent takes and gives, for programs that call it; undefined for one that is not on call. */
  contract(agent: AgentId, side: "input" | "output"): z.ZodType | undefined;
  readonly people: People;
  readonly endpoints: Pick<Endpoints, "keys" | "byToken" | "touched">;
  readonly transcript: Transcript;
  /** What a reply proposed or shows again, as it stands now, of what this person may see; oldest first. */
  proposals(reply: MessageId, viewer: Person): Promise<readonly ShownProposal[]>;
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
  /**
   * For channels that connect out: holds the connection until the signal aborts. Calls `up` whenever it is connected.
   * A rejection is a crash of this channel alone: it is called again after a pause that grows, at once the longest for a
   * `bad_config` NovaError, which no waiting mends.
   */
  listen?(signal: AbortSignal, up: () => void): Promise<void>;
  /** One write. Never retries and never throws for what the platform answers. */
  send(part: OutPart, signal: AbortSignal): Promise<SendResult>;
  /** The bytes of a file that came with a message, within the limits. Never throws for what the platform answers. */
  fetch?(file: FileRef, limits: FetchLimits, signal: AbortSignal): Promise<Fetched>;
  /**
   * What became of a part whose send nobody saw end, for instance after a crash between send and record. Once the signal
   * aborts, `cannot_tell` settles nothing: it is asked again later. Absent: the part's fate stays unknown.
   */
  reconcile?(part: OutPart, signal: AbortSignal): Promise<"sent" | "absent" | "cannot_tell">;
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
  /** How accounts of this platform are written in NOVA_OWNER, and how that is told; absent: not looked at. */
  readonly accounts?: { readonly written: RegExp; readonly as: string };
  /**
   * How what Nova says unasked reaches a person here. Absent: it rings, where they were heard last. `never`: nobody reads
   * there. Else they see it when they look, and have a private place there from the beginning.
   */
  readonly unasked?: "never" | { at(person: PersonId): Address };
  /** Pure: a parsed JSON body to an inbound, or the reason to ignore it. `unknown` at the door, zod once. */
  parse(body: unknown, context: { readonly person: Person; readonly now: Date }): Inbound | Ignored;
  /** Pure: Markdown to parts of at most `maxText`, in order; no character of the text is lost. */
  render(markdown: string): readonly RenderedPart[];
  /** Bodies for the contract suite: what `parse` must accept and what it must refuse without throwing. */
  readonly examples: { readonly accepted: readonly unknown[]; readonly ignored: readonly unknown[] };
  create(settings: z.infer<Settings>, host: AdapterHost): Adapter;
  /** What `nova init <platform>` tells and tries; absent: nothing has to be set up. */
  readonly setup?: AdapterSetup;
};

export const defineAdapter = <Settings extends z.ZodObject>(
  definition: Omit<AdapterDefinition<Settings>, "kind">,
): AdapterDefinition<Settings> => ({ kind: "adapter", ...definition });

/** Where a reply's Markdown is put into a platform's dialect; an absent channel gets plain text in one part. */
export interface Surfaces {
  render(address: Address, markdown: string): readonly RenderedPart[];
  /** The same for words of Nova itself, which name its commands as they are typed there. */
  renderOwn(address: Address, markdown: string): readonly RenderedPart[];
}
