/** The line under a reply: who spoke, and by which model. Used by ask and chat. */
import type { Ink } from "./ink.ts";

export type Signed = { readonly name: string; readonly model: string | null; readonly kind?: string | null };

export function label({ name, model, kind }: Signed, ink: Ink): string {
  const by = model === null ? [] : [model === "offline" ? "offline model" : model];
  const how = kind === "fail" ? ["could not answer"] : kind === "stopped" ? ["stopped"] : [];
  return ink.dim(`— ${[name, ...by, ...how].join(" · ")}`);
}
