/** A backup as a stream: all that is stored, table by table. Between the database, the file and the operator's verbs. */

/** Values in the order of their table's columns, each as PostgreSQL writes it as text: exact, and the same everywhere. */
export type ArchiveRow = readonly (string | null)[];

export type TableCount = { readonly name: string; readonly rows: number };

/** The digest depends on the rows and not on their order, so that two databases can be compared by it. */
export type TableSum = TableCount & { readonly digest: string };

/** What a backup says of itself before anything else. */
export type ArchiveManifest = {
  /** Of the Nova that made it. */
  readonly version: string;
  readonly engine: "embedded" | "server";
  readonly madeAt: Date;
  /** The migrations that its tables are at. */
  readonly migrations: readonly string[];
  /** In the order of the stream: no row refers to a later table. */
  readonly tables: readonly TableCount[];
};

export type ArchivedTable = {
  readonly name: string;
  readonly columns: readonly string[];
  /** By column: the number that its sequence would give next. */
  readonly sequences: Readonly<Record<string, string>>;
};

/** One manifest, for each table its head and its rows in batches, one end. */
export type ArchivePart =
  | { readonly kind: "manifest"; readonly manifest: ArchiveManifest }
  | { readonly kind: "table"; readonly table: ArchivedTable }
  | { readonly kind: "rows"; readonly rows: readonly ArchiveRow[] }
  | { readonly kind: "end"; readonly tables: readonly TableSum[] };

export type Parts = AsyncIterable<ArchivePart>;

/** A backup file and what is in it. */
export type Backup = {
  readonly file: string;
  readonly bytes: number;
  readonly manifest: ArchiveManifest;
};

/** The operator's way to save what is stored; built by the roof. */
export interface Archive {
  /**
   * Saves all that is stored, as it is at one moment, into a new file at this absolute path. Nothing is left behind when
   * it fails or the signal aborts; a file that exists is refused. `onRows` is told how many rows are saved so far.
   */
  save(path: string, onRows: (rows: number) => void, signal: AbortSignal): Promise<Backup>;
}
