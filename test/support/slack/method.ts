/** A method of the Web API as the peer does it, and its way to say no. Used by all that has methods. */
import type { Json } from "./workspace.ts";

export type Methods = Readonly<Record<string, (args: Json) => Promise<Json>>>;

export const refused = (error: string): Json => ({ ok: false, error });
