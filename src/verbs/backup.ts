/** `nova backup`: saves all that is stored into one file. The command line names the file and shows how it goes. */
import { isAbsolute } from "node:path";
import { z } from "zod";
import { drawOrigin, drawTables, guard, rowsOf, size } from "./archive-words.ts";
import { span } from "./layout.ts";
import { defineVerb } from "./verb.ts";

const manifest = z.object({
  version: z.string(),
  engine: z.enum(["embedded", "server"]),
  madeAt: z.coerce.date(),
  migrations: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), rows: z.int() })),
});

export const backup = defineVerb({
  name: "backup",
  summary: "Save all that is stored into a file, or check such a file",
  // The file is named from where the person stands, and may be standard output: the command line sees to that.
  forms: [],
  input: z.object({ file: z.string().refine(isAbsolute, "the file must be named by its whole path") }),
  output: z.object({ file: z.string(), bytes: z.int(), ms: z.number(), manifest }),
  async run({ file }, parts, emit, signal) {
    const begin = parts.clock.now().getTime();
    const saved = await parts.archive.save(file, (rows) => emit({ rows }), signal);
    return {
      ...saved,
      ms: parts.clock.now().getTime() - begin,
      manifest: {
        ...saved.manifest,
        migrations: [...saved.manifest.migrations],
        tables: [...saved.manifest.tables],
      },
    };
  },
  words: ({ file, bytes, ms, manifest: saved }, ink) =>
    [
      `${ink.green(`Saved ${rowsOf(saved.tables)}`)} to ${ink.bold(file)} (${size(bytes)}, ${span(ms)}).`,
      drawTables(saved.tables),
      drawOrigin(saved),
      guard(ink),
    ].join("\n"),
});
