/** Where signed posts come in: a name in an address, and as whose words. Implemented in postgres/people/endpoints.ts. */
import type { Address } from "./address.ts";
import type { AgentId, ProjectId, TenantId } from "./ids.ts";
import type { Person } from "./person.ts";

/** The channel that posts come in by; their sender is known there by the endpoint's scope. */
export const HOOKS_PLATFORM = "webhook";

/** A call of an agent as a component: no other address of an endpoint has a root. Nothing in its words chooses or commands. */
export const isCall = ({ platform, root }: Pick<Address, "platform" | "root">): boolean =>
  platform === HOOKS_PLATFORM && root !== null;

/** The agent for everything that comes from outside and that no other is for, where there is one. */
export const GENERAL_OUTSIDE = "inbox-triage";

/** How posts are signed: Standard Webhooks, or as GitHub does. */
export const PRESETS = ["standard", "github"] as const;
export type Preset = (typeof PRESETS)[number];

export type Endpoint = {
  /** The last part of its address, `/hooks/<name>`: lower-case letters, digits and hyphens, at most 63. */
  readonly name: string;
  /**
   * `<name>.<number>`, for instance `alerts.12`: the scope of its addresses, its sender and its deliveries. The number is
   * never given again, so an endpoint that takes a name which was removed inherits nothing. People are shown the name.
   */
  readonly scope: string;
  readonly preset: Preset;
  /** Whose it is: posts come into this person's conversations. */
  readonly person: Person;
  /** `outside`: the posts hold strangers' words, which are data and never commands. `person`: they are the person's own. */
  readonly origin: "person" | "outside";
  /** Who answers; null leaves it to the router. */
  readonly agent: AgentId | null;
  readonly project: { readonly id: ProjectId; readonly name: string } | null;
  readonly createdAt: Date;
  readonly lastPostAt: Date | null;
};

/** Names hold no dot, so a name and a number make one scope only. */
export const endpointScope = (name: string, number: string): string => `${name}.${number}`;

/** What people and models are told of a scope: an endpoint's name without its number; any other scope as it is. */
export const entranceOf = (scope: string): string => scope.replace(/\.\d+$/, "");

export type NewEndpoint = Pick<Endpoint, "name" | "preset" | "origin" | "agent"> & {
  readonly person: Person;
  /** By its name; made when there is none of that name. */
  readonly project: string | null;
  /** Of the sender's choosing, as GitHub asks for; absent: a fresh one is made. */
  readonly secret?: string;
};

/** Shown once: afterwards the secret only verifies, and of the token only a hash is kept. */
export type Issued = {
  readonly endpoint: Endpoint;
  /** `whsec_…` for Standard Webhooks; for GitHub any text. */
  readonly secret: string;
  /** The bearer of `GET /api/messages/:id`, for this endpoint's messages only. Null where the old one stays. */
  readonly token: string | null;
  /** True when its project was not known before. */
  readonly newProject: boolean;
};

export interface Endpoints {
  /** A name that is taken is a `bad_input`. The sender `{webhook, <scope>, <scope>}` is linked to the person. */
  add(endpoint: NewEndpoint): Promise<Issued>;
  all(tenant: TenantId): Promise<readonly Endpoint[]>;
  named(name: string): Promise<Endpoint | undefined>;
  /** A fresh secret; those before it stay good until `graceUntil`. A name that is not there is a `not_found`. */
  rotate(name: string, graceUntil: Date): Promise<Issued>;
  /** Closes the address at once; what came in by it stays. False when there is none. */
  remove(name: string): Promise<boolean>;
  /** Every secret that is good at `now`, newest first; undefined for an address that is not there. */
  keys(
    name: string,
    now: Date,
  ): Promise<{ readonly endpoint: Endpoint; readonly secrets: readonly string[] } | undefined>;
  /** The endpoint that a bearer token belongs to. */
  byToken(token: string): Promise<Endpoint | undefined>;
  /** Notes that a good post came. */
  touched(name: string, at: Date): Promise<void>;
}
