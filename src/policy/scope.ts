/** Where a change lands, seen from where its turn works. Used by policy.ts. */
import { z } from "zod";
import type { Extent, ScopeAsk } from "#core";

const id = z.string().min(1).max(100);
const landing = z.strictObject({
  tenant: id,
  person: id.nullable(),
  project: id.nullable(),
  branch: id.nullable(),
});

const askSchema = z.strictObject({
  run: landing,
  lands: landing,
  open: z.array(id),
  reads: z.array(z.enum(["conversation", "memory", "operations"])),
  existing: z.boolean(),
  named: z.boolean(),
});

/**
 * Only rows of the person themselves are ever within reach: those of other people, of everybody, and of another tenant are
 * not. A branch is a wall between colleagues, and nobody says yet in which ones a person may work: only the turn's own counts.
 */
export function scopeOf(asked: ScopeAsk): Extent {
  const read = askSchema.safeParse(asked);
  if (!read.success) return "beyond";
  const { run, lands, open, reads, existing, named } = read.data;
  if (lands.tenant !== run.tenant || lands.person === null || lands.person !== run.person) return "beyond";
  if (lands.branch !== null && lands.branch !== run.branch) return "beyond";
  if (lands.project === null || lands.project === run.project) return "within";
  if (!open.includes(lands.project)) return "beyond";
  if (!existing && !reads.includes("memory")) return "beyond";
  return named ? "named" : "across";
}
