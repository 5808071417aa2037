/** A backup's lines: JSON, one a part or row, and a last one that seals them. Used by write.ts and read.ts. */
import { z } from "zod";
import type { ArchivePart } from "#core";

/** Raised when an older Nova could no longer read what is written. */
export const FORMAT = 1;

const count = z.int().min(0);
const tableCount = z.object({ name: z.string(), rows: count });

/** What makes a first line ours, whatever comes after it in another format. */
export const greeting = z.object({ nova: z.literal("backup"), format: z.int(), version: z.string() });
export const manifestLine = greeting.extend({
  engine: z.enum(["embedded", "server"]),
  madeAt: z.coerce.date(),
  migrations: z.array(z.string()),
  tables: z.array(tableCount),
});
export const tableLine = z.object({
  table: z.string(),
  columns: z.array(z.string()),
  sequences: z.record(z.string(), z.string().regex(/^\d{1,19}$/)),
});
export const rowLine = z.array(z.string().nullable());
export const sealLine = z.object({
  end: z.array(tableCount.extend({ digest: z.string() })),
  /** Over every line before this one, line ends and all. */
  sha256: z.string(),
});

type Sealed = { readonly sha256: string };

/** A part's lines, each with its line end. Only the end wants a seal. */
export function linesOf(part: ArchivePart, seal: () => Sealed): string {
  switch (part.kind) {
    case "manifest": {
      const { manifest } = part;
      return line({ nova: "backup", format: FORMAT, ...manifest, madeAt: manifest.madeAt.toISOString() });
    }
    case "table":
      return line({ table: part.table.name, columns: part.table.columns, sequences: part.table.sequences });
    case "rows":
      return part.rows.map(line).join("");
    case "end":
      return line({ end: part.tables, ...seal() });
  }
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
