/** How backups, restores and moves read: what was in them, table by table. Used by backup.ts and the roof. */
import type { ArchiveManifest, Backup, TableCount, TableSum } from "#core";
import { columns, counted, indent, minute } from "./layout.ts";
import type { Ink } from "./verb.ts";

const total = (tables: readonly TableCount[]): number => tables.reduce((sum, { rows }) => sum + rows, 0);

/** The tables that hold rows, and how many hold none. */
export function drawTables(tables: readonly TableCount[]): string {
  const full = tables.filter(({ rows }) => rows > 0);
  const empty = tables.length - full.length;
  const lines = columns(full.map(({ name, rows }) => [name, figure(rows)]));
  return indent([...lines, ...(empty > 0 ? [`${counted(empty, "table")} without rows`] : [])].join("\n"));
}

export function drawOrigin({ version, engine, madeAt, migrations }: ArchiveManifest): string {
  const place = engine === "embedded" ? "an embedded database" : "a server";
  return `Made ${minute(madeAt)} UTC by Nova ${version} from ${place}, at ${migrations.at(-1) ?? "no migration"}.`;
}

export const rowsOf = (tables: readonly TableCount[]): string => `${figure(total(tables))} rows`;

/** Thousands set apart: 12,345. */
export const figure = (count: number): string => count.toLocaleString("en-US");

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

export function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

export const guard = (ink: Ink): string =>
  ink.yellow("It holds all that people wrote and the secrets of webhooks: guard it like a password.");

export function drawChecked({ file, bytes, manifest }: Backup, ink: Ink): string {
  const head = `${ink.bold(file)} is whole: ${rowsOf(manifest.tables)} (${size(bytes)}).`;
  return [head, drawTables(manifest.tables), drawOrigin(manifest)].join("\n");
}

type Restored = {
  readonly engine: "embedded" | "server";
  readonly manifest: ArchiveManifest;
  readonly migrated: readonly string[];
  readonly kept: string | null;
};

export function drawRestored({ engine, manifest, migrated, kept }: Restored, ink: Ink): string {
  const place = engine === "embedded" ? "the embedded database" : "the server";
  return [
    `${ink.green(`Restored ${rowsOf(manifest.tables)}`)} into ${place}; every table was compared.`,
    drawTables(manifest.tables),
    drawOrigin(manifest),
    ...(migrated.length > 0 ? [`Then brought up to date: ${migrated.join(", ")}.`] : []),
    ...(kept === null
      ? []
      : [`What was there before is kept in ${ink.bold(kept)}; remove it when you no longer need it.`]),
    "`nova start` goes on from there.",
  ].join("\n");
}

export function drawMigrated(migrated: readonly string[], ink: Ink): string {
  if (migrated.length === 0) return ink.green("The database is up to date.");
  return [ink.green(`Applied ${counted(migrated.length, "migration")}:`), indent(migrated.join("\n"))].join("\n");
}

type Moved = {
  readonly from: string;
  readonly to: string;
  readonly tables: readonly { readonly source: TableSum; readonly target: TableSum }[];
};

export function drawMoved({ from, to, tables }: Moved, ink: Ink): string {
  const rows = tables.map(({ source, target }) => [
    source.name,
    figure(source.rows),
    figure(target.rows),
    source.digest === target.digest ? `equal ${target.digest.slice(0, 12)}` : "different",
  ]);
  return [
    `${ink.green(`Moved ${rowsOf(tables.map(({ target }) => target))}`)} to ${ink.bold(to)}.`,
    indent(columns([["table", "here", "there", "digest"], ...rows]).join("\n")),
    `From now on set ${ink.bold(`DATABASE_URL=${to}`)}${to.includes("***") ? ", with the password in it" : ""}.`,
    `${from} is as it was; Nova does not start on it by mistake. Remove it when you no longer need it.`,
  ].join("\n");
}

/** A server's address as it may be shown. */
export function withoutPassword(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== "") parsed.password = "***";
  if (parsed.searchParams.has("password")) parsed.searchParams.set("password", "***");
  return parsed.href;
}
