/** Names to network addresses, by the machine's own resolver. Used by egress.ts where no other is handed in. */
import { lookup } from "node:dns/promises";

export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export const resolve: Resolve = (host) => lookup(host, { all: true, verbatim: true });
