/** The line under a reply: who spoke, and by which model. Used by ask and chat. */
import type { Ink } from "./ink.ts";

export type Signed = { readonly agent: string | null; readonly model: string | null; readonly kind?: string | null };

export function label({ agent, model, kind }: Signed, ink: Ink): string {
  const name = agent === null ? "Nova" : displayName(agent);
  const by = model === null ? [] : [model === "offline" ? "offline model" : model];
  const how = kind === "fail" ? ["could not answer"] : kind === "stopped" ? ["stopped"] : [];
  return ink.dim(`— ${[name, ...by, ...how].join(" · ")}`);
}

/** An id as people read it: `ops-watch` is Ops watch. */
export function displayName(id: string): string {
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
