/** What was learned, as bytes that can be kept and read again. Called by training.ts. */
import { crc32 } from "node:zlib";
import { z } from "zod";
import type { ClassifierParts } from "./classifier.ts";
import { createModel } from "./regression.ts";
import type { Thresholds } from "./thresholds.ts";
import { createVectorizer } from "./vectorizer.ts";

export type LearnedParts = { readonly parts: ClassifierParts; readonly thresholds: Thresholds };

/** Length of the head and checksum of all that follows them; unsigned, little-endian, as are all figures of the file. */
const PREFACE_BYTES = 8;

const probability = z.number().min(0).max(1);
const head = z.object({
  key: z.string(),
  labels: z.array(z.string()),
  background: z.string().optional(),
  texts: z.int().min(0),
  words: z.array(z.string()),
  pieces: z.array(z.string()),
  settles: z.array(z.tuple([z.string(), probability])),
  guesses: z.array(z.tuple([z.string(), probability])),
});

/** The preface; the head as JSON; how many texts have each n-gram, 4 bytes each; the weights, column by column. */
export function encode({ parts, thresholds }: LearnedParts, key: string): Uint8Array {
  const { labels, background, vectorizer, model } = parts;
  const { texts, words, pieces } = vectorizer.vocabulary;
  const content: z.infer<typeof head> = {
    key,
    labels: [...labels],
    ...(background !== undefined && { background }),
    texts,
    words: [...words.keys()],
    pieces: [...pieces.keys()],
    settles: [...thresholds.settles],
    guesses: [...thresholds.guesses],
  };
  const json = Buffer.from(JSON.stringify(content));
  const frequencies = Uint32Array.from([...words.values(), ...pieces.values()]);
  const body = Buffer.concat([json, bytesOf(frequencies), bytesOf(model.weights)]);
  const preface = Buffer.alloc(PREFACE_BYTES);
  preface.writeUInt32LE(json.length, 0);
  preface.writeUInt32LE(crc32(body), 4);
  return Buffer.concat([preface, body]);
}

/** Undefined for anything that was not written for this key, or not wholly: it is then learned anew. */
export function decode(bytes: Uint8Array, key: string): LearnedParts | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < PREFACE_BYTES) return undefined;
  const body = file.subarray(PREFACE_BYTES);
  const headBytes = file.readUInt32LE(0);
  if (file.readUInt32LE(4) !== crc32(body)) return undefined;
  const read = readHead(body.subarray(0, headBytes));
  if (!read || read.key !== key) return undefined;
  const { labels, background, texts, words, pieces } = read;
  const columns = words.length + pieces.length;
  const rest = body.subarray(headBytes);
  if (rest.length !== 4 * columns * (1 + labels.length)) return undefined;
  // A copy, for figures of four bytes can only be read where a multiple of four begins.
  const figures = new Uint8Array(rest).buffer;
  const frequencies = new Uint32Array(figures, 0, columns);
  const count = (grams: readonly string[], from: number) =>
    new Map(grams.map((gram, i) => [gram, frequencies[from + i] ?? 0]));
  const vocabulary = { texts, words: count(words, 0), pieces: count(pieces, words.length) };
  const model = createModel(new Float32Array(figures, 4 * columns), labels.length);
  return {
    parts: { labels, background, vectorizer: createVectorizer(vocabulary), model },
    thresholds: { settles: new Map(read.settles), guesses: new Map(read.guesses) },
  };
}

function readHead(json: Uint8Array): z.infer<typeof head> | undefined {
  try {
    return head.parse(JSON.parse(new TextDecoder().decode(json)));
  } catch {
    return undefined; // Not ours, or of another version: learned anew.
  }
}

const bytesOf = (figures: Uint32Array | Float32Array): Uint8Array =>
  new Uint8Array(figures.buffer, figures.byteOffset, figures.byteLength);
