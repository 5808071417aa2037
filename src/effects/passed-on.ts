/** Somebody's words on another's screen: told whose they are, and shown as they stand. Pure. Used by send-message.ts. */

/** Markdown. Nobody can take it for Nova's own opinion, and nothing in it is a link that says something else than it is. */
export function passedOn({ from, wordsOf }: Whose, text: string, to: "you" | "everybody here"): string {
  const whose = wordsOf === undefined ? "" : ` something, in the words of ${literal(wordsOf)}, who changed it`;
  return `${literal(from)} asks me to tell ${to}${whose}:\n\n${quoted(text)}`;
}

type Whose = {
  /** Who asks. */
  readonly from: string;
  /** Who else put it so. */
  readonly wordsOf?: string | undefined;
};

const quoted = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `> ${literal(line)}`.trimEnd())
    // A break that is meant to be one, without an empty line that would end the quotation.
    .map((line, i, all) => (i < all.length - 1 && line !== ">" && all[i + 1] !== ">" ? `${line}\\` : line))
    .join("\n");

/** A bare address stays one, so that it can be followed for what it says; every other mark is only a character. */
const literal = (line: string): string =>
  line
    .split(/(https?:\/\/[^\s<>()[\]*`\\|"']+)/)
    .map((piece, i) =>
      i % 2 === 1 ? piece : piece.replaceAll(/[!-/:-@[-`{-~]/g, (mark) => (PLAIN.has(mark) ? mark : `\\${mark}`)),
    )
    .join("");

/** Marks that mean nothing inside of a line. */
const PLAIN: ReadonlySet<string> = new Set([",", ";", "'", '"', "?", "%", "/", "=", "$"]);
