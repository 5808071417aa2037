/** Cuts a stream of bytes into lines, without their line ends. Used by read.ts. */
import { NovaError } from "#core";

/** One row at most, and no row is nearly as long: a file that unpacks without end must not fill the memory. */
const MOST_BYTES = 256 * 1024 * 1024;

const NEW_LINE = 0x0a;

/** A last line without its end is a line too. */
export async function* linesIn(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, from)) {
      yield begun.length === 0 ? chunk.subarray(from, end) : Buffer.concat([...begun, chunk.subarray(from, end)]);
      begun = [];
      size = 0;
      from = end + 1;
    }
    if (from < chunk.length) {
      begun.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > MOST_BYTES) throw new NovaError("bad_input", "A line of the backup is longer than any row.");
    }
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}
