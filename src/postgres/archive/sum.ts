/** Counts a table's rows and digests them whatever their order. Used by read.ts. */
import { hash } from "node:crypto";
import type { ArchiveRow, TableSum } from "#core";

export interface RowSum {
  add(rows: readonly ArchiveRow[]): void;
  total(): TableSum;
}

const SPACE = 1n << 256n;

/** The rows' SHA-256 added up: engines sort texts differently, and a sum does not mind. */
export function createRowSum(name: string): RowSum {
  let rows = 0;
  let sum = 0n;
  return {
    add(more) {
      for (const row of more) sum += BigInt(`0x${hash("sha256", JSON.stringify(row))}`);
      sum %= SPACE;
      rows += more.length;
    },
    total: () => ({ name, rows, digest: sum.toString(16).padStart(64, "0") }),
  };
}
