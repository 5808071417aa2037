/** Shared places that somebody gave a name, so that Nova can be asked to speak there. Implemented in postgres/named-places.ts. */
import type { Address } from "./address.ts";
import type { Person } from "./person.ts";
import type { TenantId } from "./ids.ts";

export type NamedPlace = {
  readonly id: string;
  /** Unique in the tenant, compared without case. */
  readonly name: string;
  /** A shared place as a whole, not a thread of it. */
  readonly address: Address;
};

export interface NamedPlaces {
  /** In the order of their names. */
  all(tenant: TenantId): Promise<readonly NamedPlace[]>;
  get(tenant: TenantId, id: string): Promise<NamedPlace | undefined>;
  /** The same place takes the new name; a name that another place has is a `bad_input`. */
  name(person: Person, name: string, address: Address): Promise<NamedPlace>;
  /** False when there is none of this name. */
  forget(tenant: TenantId, name: string): Promise<boolean>;
  /** True when somebody of this tenant spoke to Nova there before others: so it is no private place. */
  isShared(tenant: TenantId, place: Pick<Address, "platform" | "scope" | "container">): Promise<boolean>;
}
