/** What a route leads to, by the name that the trace gives it: an agent's id, a command, a question or a refusal. */
import { OTHER } from "./folding.ts";

/** Of a question only that it was one: it names its options. */
export function routeKind(to: string): string {
  if (to.startsWith("/")) return "command";
  if (to.startsWith("ask: ")) return "question";
  return /^[\w.-]{1,80}$/.test(to) ? to : OTHER;
}
