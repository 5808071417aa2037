/** Markdown to parts that a platform takes: each within its limit as written, whole in itself, and none without words. */
import type { Dialect } from "./dialect.ts";
import { CODE, cutAt } from "./cut.ts";
import { leavesOf, type Content, type Leaf } from "./leaf.ts";
import { parseMarkdown } from "./markdown.ts";
import { cutRuns, halves, lengthOf, plainRun, textOf, writeRuns, type Run } from "./runs.ts";

/** A block that is cut begins in a part that has at least this share left, else in a new one. */
const WORTH = 0.3;

/** No word is lost, code is closed and opened again where it is cut, lists count on. Empty for a text without words. */
export function splitMarkdown(markdown: string, dialect: Dialect): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let previous: Leaf | undefined;
  /** Where the heading begins that the part ends with. */
  let heading: number | undefined;

  const close = (): void => {
    // A heading goes with what it heads.
    const carried = heading === undefined || heading === 0 ? "" : part.slice(heading);
    const closed = carried === "" ? part : part.slice(0, heading);
    if (closed.trim() !== "") parts.push(closed.trimEnd());
    part = carried;
    heading = carried === "" ? undefined : 0;
    if (carried === "") previous = undefined;
  };
  const add = (written: string, leaf: Leaf): void => {
    const gap = part === "" ? "" : gapBetween(previous, leaf, dialect);
    heading = leaf.isHeading ? part.length + gap.length : undefined;
    part += gap + written;
    previous = leaf;
  };
  const room = (leaf: Leaf): number =>
    dialect.limit - part.length - (part === "" ? 0 : gapBetween(previous, leaf, dialect).length);

  for (const whole of leavesOf(parseMarkdown(markdown), dialect)) {
    let leaf: Leaf | undefined = whole;
    while (leaf) {
      const written: string | undefined = fits(leaf, dialect.limit, dialect);
      if (written !== undefined && written.length <= room(leaf)) {
        add(written, leaf);
        break;
      }
      const goesWhole = written !== undefined && heading !== 0;
      if (part !== "" && (goesWhole || !mayBegin(leaf, room(leaf), dialect))) {
        close();
        continue;
      }
      const [first, second]: readonly [Leaf, Leaf | undefined] = divided(leaf, room(leaf), dialect);
      add(write(first, dialect), first);
      heading = undefined;
      leaf = second;
      if (leaf) close();
    }
  }
  heading = undefined;
  close();
  return parts;
}

/** Whether it is worth while, and possible, to begin a leaf in this room and go on in the next part. */
function mayBegin(leaf: Leaf, room: number, dialect: Dialect): boolean {
  return room >= dialect.limit * WORTH && write(parted(leaf, 1)[0], dialect).length <= room;
}

function gapBetween(previous: Leaf | undefined, leaf: Leaf, dialect: Dialect): string {
  if (leaf.isTight) return "\n";
  return leaf.quote && leaf.quote === previous?.quote ? `\n${dialect.quote.trimEnd()}\n` : "\n\n";
}

/** As it is written, if that is not longer than `most`. */
function fits(leaf: Leaf, most: number, dialect: Dialect): string | undefined {
  // Nothing is written shorter than it is: what is far too long need not be written to see that.
  if (sizeOf(leaf.content) > most) return undefined;
  const written = write(leaf, dialect);
  return written.length <= most ? written : undefined;
}

const sizeOf = (content: Content): number =>
  content.kind === "runs" ? lengthOf(content.runs) : content.head.length + content.code.length;

function write({ content, lead, rest, quote }: Leaf, dialect: Dialect): string {
  if (content.kind === "code") {
    const lines = [content.head, content.code].filter(
      (text, index) => text !== "" || (index === 1 && content.head === ""),
    );
    return dialect.fence(lines.join("\n"), content.language);
  }
  const mark = quote ? dialect.quote : "";
  return writeRuns(trimmed(content.runs), dialect)
    .split("\n")
    .map((line, index) => `${mark}${index === 0 ? lead : rest}${line}`)
    .join("\n");
}

/** White space at the end of a line is nothing to see, and marks must not stand behind it. */
function trimmed(runs: readonly Run[]): readonly Run[] {
  const text = textOf(runs);
  return halves(runs, text.trimEnd().length)[0];
}

/** As much of the leaf as the room takes, at least one character, and what is left of it. */
function divided(leaf: Leaf, room: number, dialect: Dialect): readonly [Leaf, Leaf | undefined] {
  const { content } = leaf;
  const length = content.kind === "runs" ? lengthOf(content.runs) : content.code.length;
  const cut = (most: number): number =>
    content.kind === "runs" ? cutRuns(content.runs, most) : cutAt(content.code, most, CODE);
  let most = largest(Math.min(length, room), (size) => write(parted(leaf, size)[0], dialect).length <= room);
  let place = cut(most);
  // What is cut off may need a mark more than what it was measured with.
  while (place > 1 && write(parted(leaf, place)[0], dialect).length > room) {
    most = Math.min(most, place) - 1;
    place = cut(Math.max(1, most));
  }
  const [first, second] = parted(leaf, place);
  return [first, place < length ? second : undefined];
}

/** The largest size up to `most` that is good, if sizes are good up to one and not beyond it; at least 1. */
function largest(most: number, isGood: (size: number) => boolean): number {
  let [good, bad] = [1, most + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isGood(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function parted(leaf: Leaf, size: number): readonly [Leaf, Leaf] {
  const { content } = leaf;
  const goesOn = { ...leaf, lead: leaf.rest, isTight: true };
  if (content.kind === "runs") {
    const [left, right] = halves(content.runs, size);
    return [
      { ...leaf, content: { kind: "runs", runs: left.length === 0 ? [plainRun("")] : left } },
      { ...goesOn, content: { kind: "runs", runs: right } },
    ];
  }
  // The line break at the cut is the border between the parts.
  return [
    { ...leaf, content: { ...content, code: content.code.slice(0, size).replace(/\n$/, "") } },
    { ...goesOn, content: { ...content, code: content.code.slice(size) } },
  ];
}
