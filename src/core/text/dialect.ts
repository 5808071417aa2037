/** Port: how a platform writes what stands in a Markdown tree. Implemented by adapters, used by `splitMarkdown`. */

export type Mark = "strong" | "emphasis" | "delete";

/** A character each, or "" where nothing stands or another mark does: some dialects know a mark by what is beside it. */
export type Beside = { readonly before: string; readonly after: string };

/** Everything it returns is measured as it stands: escapes and marks count. */
export interface Dialect {
  /** Most UTF-16 units of a part; at least 200. */
  readonly limit: number;
  /** Columns of the widest table that is still drawn with aligned columns. */
  readonly columns: number;
  /** What begins each line of a quote. */
  readonly quote: string;
  /** What stands for a line across. */
  readonly rule: string;
  /** Words without a mark, escaped, never shorter than given. `atStart`: a line begins with them. */
  text(value: string, atStart: boolean): string;
  /** Code inside a line. */
  code(value: string, beside: Beside): string;
  /** `inner` is written already and may have several lines. */
  mark(kind: Mark, inner: string, beside: Beside): string;
  /** `inner` is written already; undefined for an address that the platform should not link to. */
  link(inner: string, url: string): string | undefined;
  /** What stands before a heading, and whether its words are strong. */
  heading(depth: number): { readonly lead: string; readonly strong: boolean };
  /** `ordinal` is null in a list without numbers, `depth` is 0 in the outermost list. */
  bullet(ordinal: number | null, depth: number, checked: boolean | null): string;
  /** Whole lines of code; the language is one word, or null. */
  fence(code: string, language: string | null): string;
}
