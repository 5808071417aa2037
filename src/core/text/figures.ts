/** Figures as people write them: 2,340 and $1,200.50, 1.234,56 and 40k. Used by tools that count and by checks. */

export type Figure = {
  /** Canonical decimal digits, for instance `-1200.5`. */
  readonly digits: string;
  /** The currency sign written with it, or "". */
  readonly currency: string;
  /** True when a per-cent sign follows. */
  readonly percent: boolean;
};

const NUMBER = String.raw`\d+(?:[.,'’\u00A0\u202F]\d+)*`;
const SCALES: Readonly<Record<string, number>> = { k: 3, thousand: 3, million: 6, bn: 9, billion: 9 };
const IN_TEXT = new RegExp(
  String.raw`(?<![\p{L}\p{N}_])(?<sign>(?<![\p{N}\])])[-−+])?\s?(?<before>\p{Sc})?\s?(?<number>${NUMBER})(?<scale>(?:k|bn|\s(?:thousand|million|billion))(?!\p{L}))?(?:\s?(?<after>\p{Sc}))?(?:\s?(?<percent>%))?`,
  "giu",
);

/** All figures of a text, in order. Digits inside words and ids, such as m12, are none. */
export function figuresIn(text: string): readonly Figure[] {
  return [...text.matchAll(IN_TEXT)].map(({ groups = {} }) => {
    const negative = groups["sign"] === "-" || groups["sign"] === "−";
    const scale = SCALES[(groups["scale"] ?? "").trim().toLowerCase()] ?? 0;
    const digits = shift(plain(groups["number"] ?? ""), scale);
    return {
      digits: negative && digits !== "0" ? `-${digits}` : digits,
      currency: groups["before"] ?? groups["after"] ?? "",
      percent: groups["percent"] !== undefined,
    };
  });
}

/**
 * Every way in which a number can be read, canonical: `1.234` is one and a bit, or a thousand and more where people write
 * points between thousands. `scale`: how many places it is moved, for instance 3 for `40k`.
 */
export function readingsOf(number: string, scale = 0): readonly string[] {
  const joined = number.replace(/[ \u00A0\u202F]/g, "");
  const asThousands = /^\d{1,3}(?:[.,]\d{3})+$/.test(joined) ? [joined.replace(/[.,]/g, "")] : [];
  const asDecimal = /^\d+[.,]\d{3}$/.test(joined) ? [joined.replace(",", ".")] : [];
  return [...new Set([plain(joined), ...asThousands, ...asDecimal].map((digits) => shift(canonical(digits), scale)))];
}

const canonical = (digits: string): string => {
  const [whole = "", fraction = ""] = digits.split(".");
  return trim(whole, fraction);
};

/** The one figure that a whole cell or field holds, or undefined when it holds anything else. */
export function figureOf(text: string): Figure | undefined {
  const cell = text.trim().replace(/(?<=\d) (?=\d{3}(?!\d))/g, "");
  const bracketed = /^\((.*)\)$/.exec(cell)?.[1];
  if (bracketed !== undefined) {
    // Bookkeepers write a loss in brackets.
    const loss = figureOf(bracketed);
    return loss && !loss.digits.startsWith("-") ? { ...loss, digits: `-${loss.digits}` } : undefined;
  }
  const [match, another] = [...cell.matchAll(IN_TEXT)];
  if (!match || another || match[0].length !== cell.length) return undefined;
  return figuresIn(cell)[0];
}

/**
 * The figures of an answer that stand in none of its sources, as written in canonical digits: what an answer made up.
 * A rounded source counts, a sign that went into words too; numbers that only count the items of a list are passed over.
 */
export function strayFigures(answer: string, sources: readonly string[]): readonly string[] {
  const known = new Set(sources.flatMap((source) => figuresIn(source).map(unsigned)));
  const said = figuresIn(answer.replace(/^\s*\d{1,3}[.)](?=\s)/gm, "")).map(unsigned);
  return [...new Set(said)].filter(
    (digits) => !known.has(digits) && ![...known].some((source) => rounds(source, digits)),
  );
}

const unsigned = (figure: Figure): string => figure.digits.replace("-", "");

function rounds(source: string, digits: string): boolean {
  const places = digits.split(".")[1]?.length ?? 0;
  if ((source.split(".")[1]?.length ?? 0) <= places) return false;
  return Number(source).toFixed(places) === Number(digits).toFixed(places);
}

/** Separators out, decimal point in. Where one sign could be either, groups of three are thousands. */
function plain(number: string): string {
  const points = number.replace(/['’\u00A0\u202F]/g, "");
  const last = Math.max(points.lastIndexOf("."), points.lastIndexOf(","));
  if (last < 0) return trim(points, "");
  const sign = points[last] ?? "";
  const both = points.includes(".") && points.includes(",");
  const grouped = /^\d{1,3}(?:[.,]\d{3})+$/.test(points) && !both;
  const several = points.indexOf(sign) !== last;
  if (several || (grouped && sign === ",")) return trim(points.replace(/[.,]/g, ""), "");
  return trim(points.slice(0, last).replace(/[.,]/g, ""), points.slice(last + 1));
}

function shift(digits: string, places: number): string {
  if (places === 0) return digits;
  const [whole = "", fraction = ""] = digits.split(".");
  return trim(whole + fraction.padEnd(places, "0").slice(0, places), fraction.slice(places));
}

function trim(whole: string, fraction: string): string {
  const left = whole.replace(/^0+(?=\d)/, "") || "0";
  const right = fraction.replace(/0+$/, "");
  return right === "" ? left : `${left}.${right}`;
}
