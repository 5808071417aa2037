/** A time as it stands in a stored effect: absolute, with the zone that it was read in. Written when it is bound, read when it is done. */
import { z } from "zod";
import type { When } from "./calendar/when.ts";
import type { JsonObject } from "./json.ts";

const moment = z.iso.datetime().transform((text) => new Date(text));

const whenSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("at"), at: moment, zone: z.string(), skipped: z.string().optional() }),
  z.strictObject({ kind: z.literal("every"), minutes: z.int().min(1), from: moment, zone: z.string() }),
  z.strictObject({ kind: z.literal("cron"), cron: z.string(), zone: z.string() }),
]);

/** `skipped` as it was read, see ReadWhen. */
export function whenJson(when: When, zone: string, skipped?: string): JsonObject {
  switch (when.kind) {
    case "at":
      return { kind: "at", at: when.at.toISOString(), zone, ...(skipped === undefined ? {} : { skipped }) };
    case "every":
      return { kind: "every", minutes: when.everyMs / 60_000, from: when.from.toISOString(), zone: when.zone ?? zone };
    case "cron":
      return { kind: "cron", cron: when.cron, zone: when.zone };
  }
}

/** The time, and the zone to tell it in. Throws for what `whenJson` did not write. */
export function whenIn(json: unknown): { readonly when: When; readonly zone: string; readonly skipped?: string } {
  const read = whenSchema.parse(json);
  const { zone } = read;
  switch (read.kind) {
    case "at":
      return {
        when: { kind: "at", at: read.at },
        zone,
        ...(read.skipped === undefined ? {} : { skipped: read.skipped }),
      };
    case "every":
      return { when: { kind: "every", everyMs: read.minutes * 60_000, from: read.from, zone }, zone };
    case "cron":
      return { when: { kind: "cron", cron: read.cron, zone }, zone };
  }
}
