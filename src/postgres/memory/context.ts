/** What a new or forgotten line changes in the index: pure. Used by keep.ts and forget.ts. */
import type { Lexicon, LexicalDocument, StreamLine } from "#core";
import type { StoredLine } from "./stream.ts";

export type IndexChange = {
  /** Documents as they stood, and the ones that take their places. */
  readonly leaving: readonly LexicalDocument[];
  readonly entering: readonly LexicalDocument[];
  /** Items whose vector is written anew. */
  readonly rewritten: readonly { readonly id: string; readonly document: LexicalDocument }[];
};

/** A line is added behind `lines`, the last of its stream: twice the reach of them, or all. */
export function lineAdded(
  lexicon: Lexicon,
  lines: readonly StoredLine[],
  added: StreamLine,
): IndexChange & { readonly document: LexicalDocument } {
  const longer = [...lines, added];
  const document = documentAt(lexicon, longer, lines.length);
  const first = Math.max(0, lines.length - lexicon.reach);
  const neighbours = lines.slice(first).map((line, i) => ({
    id: line.id,
    old: documentAt(lexicon, lines, first + i),
    document: documentAt(lexicon, longer, first + i),
  }));
  return {
    document,
    leaving: neighbours.map(({ old }) => old),
    entering: [...neighbours.map((each) => each.document), document],
    rewritten: neighbours,
  };
}

/** The line `id` is taken out of `lines`: it with twice the reach on each side, or all there are. */
export function lineRemoved(lexicon: Lexicon, lines: readonly StoredLine[], id: string): IndexChange {
  const at = lines.findIndex((line) => line.id === id);
  const shorter = lines.toSpliced(at, 1);
  const first = Math.max(0, at - lexicon.reach);
  const neighbours = shorter.slice(first, at + lexicon.reach).map((line, i) => ({
    id: line.id,
    old: documentAt(lexicon, lines, lines.indexOf(line)),
    document: documentAt(lexicon, shorter, first + i),
  }));
  return {
    leaving: [...neighbours.map(({ old }) => old), documentAt(lexicon, lines, at)],
    entering: neighbours.map((each) => each.document),
    rewritten: neighbours,
  };
}

function documentAt(lexicon: Lexicon, lines: readonly StreamLine[], at: number): LexicalDocument {
  const line = lines[at];
  if (!line) throw new RangeError(`a stream of ${lines.length} lines has no line ${at}`);
  const before = lines.slice(Math.max(0, at - lexicon.reach), at);
  return lexicon.document(line, before, lines.slice(at + 1, at + 1 + lexicon.reach));
}
