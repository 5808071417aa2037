/** Where a conversation happens. A value: two equal addresses are one conversation, and a turn's never changes. */
export type Address = {
  /** Name of the adapter, for instance `web`. */
  readonly platform: string;
  /** Team, site or endpoint inside the platform; of an endpoint its scope, a name with a number. */
  readonly scope: string;
  /** Channel, direct message or page inside the scope. */
  readonly container: string;
  /** Thread root inside the container, or null. */
  readonly root: string | null;
  /** A shared conversation recalls only items marked shareable. */
  readonly visibility: "private" | "shared";
};

/** Whether what belongs at one address may be told at another: where others read along only what belongs there, by itself. */
export const mayBeToldAt = (here: Address, of: Address | null): boolean =>
  here.visibility === "private" || (of !== null && addressKey(of) === addressKey(here));

/** One string per address, safe as a unique key: parts are length-prefixed, so no separator can be forged. */
export function addressKey(address: Address): string {
  return [address.platform, address.scope, address.container, address.root ?? ""]
    .map((part) => `${part.length}:${part}`)
    .join("|");
}
