/** Who may decide on a proposal, and where. Used by policy.ts. */
import { z } from "zod";
import { STAKES, type DecideAsk } from "#core";

const askSchema = z.strictObject({
  role: z.enum(["owner", "member", "guest"]),
  own: z.boolean(),
  named: z.boolean(),
  stakes: z.enum(STAKES),
  tainted: z.boolean(),
  readable: z.boolean(),
  via: z.enum(["card", "terminal", "agent"]),
});

/**
 * The owner may decide on everything, an approver on what names them, and who asked on what is internal, can be undone and
 * rests on nobody else's words. A guest decides on nothing, and neither does an agent.
 */
export function mayDecide(asked: DecideAsk): "yes" | "terminal_only" | "no" {
  const read = askSchema.safeParse(asked);
  if (!read.success) return "no";
  const { role, own, named, stakes, tainted, readable, via } = read.data;
  if (via === "agent" || role === "guest") return "no";
  const light = (stakes === "S0" || stakes === "S1") && !tainted;
  if (role !== "owner" && !named && !(own && light)) return "no";
  return via === "card" && (stakes === "S3" || !readable) ? "terminal_only" : "yes";
}
