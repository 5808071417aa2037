/** In whose dialect Nova's words are put where they are read. Pure. Used by endings.ts and announce.ts. */
import type { Surfaces, Writer } from "#core";

/** The commands in words that code of Nova's wrote, its agents' and its offline model's included, are Nova's; in all others they are not. */
export const dialectOf = ({ agent, model, origin }: Writer): Extract<keyof Surfaces, "render" | "renderOwn"> =>
  origin !== "outside" && (agent === null || model === null || model === "offline") ? "renderOwn" : "render";
