/** What comments say of files is true: whatever they name exists, and whoever they say uses a file imports it. */
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

const PROJECT = new URL("../..", import.meta.url).pathname;

/** What is written, by its path from the root; of folders, and of files that nobody compiles, only that they are there. */
type House = ReadonlyMap<string, string>;

async function read(folder: string): Promise<(readonly [string, string])[]> {
  const entries = await readdir(join(PROJECT, folder), { withFileTypes: true, recursive: true });
  return Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name).slice(PROJECT.length);
      return [path, path.endsWith(".ts") ? await readFile(join(PROJECT, path), "utf8") : ""] as const;
    }),
  );
}

/** Those that begin a line, each as one line. */
const commentsOf = (text: string): string[] =>
  [...text.matchAll(/^[ \t]*(?:\/\*([^]*?)\*\/|((?:\/\/.*\n[ \t]*)+))/gm)].map(([, block, lines = ""]) =>
    (block ?? lines).replaceAll(/^[ \t]*(?:\/\/|\*+)/gm, "").replaceAll(/\s+/g, " "),
  );

/** `src/turn`, `adapters/slack`, `test/turn`: a folder with all below it. */
const roomOf = (path: string): string => path.split("/", 2).join("/");
const ROOF = ["src/service", "src/commands", "src/settings"];

/** What a name in a file may mean: something beside the file or in its room, by a path from the root, or by one from src. */
function meantBy(name: string, where: string, house: House): string[] {
  const beside = normalize(join(dirname(where), name));
  const exact = [name, `src/${name}`, beside, `${roomOf(where)}/${name}`].filter((path) => house.has(path));
  if (exact.length > 0 || name.includes("/")) return exact;
  return [...house.keys()].filter(
    (path) => path.endsWith(`/${name}`) && [roomOf(where), ...ROOF].includes(roomOf(path)),
  );
}

/** Also with a place to fill in, as in `agents/<domain>/<id>.ts`: that names no file. */
const FILE = String.raw`(?:[\w<>.-]+/)*[\w<>-]+(?:\.[\w-]+)*\.ts\b`;

/** Paths that begin with a folder of the house, such as `src/turn`, or of src, such as `postgres/effects`; and `inbound/`. */
function pathsIn(comment: string, house: House): string[] {
  const rooms = [...house.keys()].map((path) => /^src\/(\w+)$/.exec(path)?.[1] ?? "").filter((room) => room !== "");
  const tops = ["src", "adapters", "agents", "test", "docs", "migrations", ...rooms].join("|");
  const path = String.raw`(?<![\w/.<-])(?:${tops})/[\w<>*./-]*[\w>*/]|(?<![\w/.<-])[a-z-]+/(?=[\s.,;)])`;
  return [...comment.matchAll(new RegExp(`${path}|${FILE}`, "g"))].map(([name]) => name.replace(/\/$/, ""));
}

/** What a file takes: from where, and which names. A process that it starts counts as taken. */
function takenBy(path: string, house: House): (readonly [string, readonly string[]])[] {
  const statements = (house.get(path) ?? "").matchAll(
    /^(?:import|export)\b([^;"]*?)\bfrom "([^"]+)";|\bimport\("([^"]+)"\)|^import "([^"]+)";|\bnew URL\("([\w./-]+\.ts)"/gm,
  );
  return [...statements].map(([, names = "", ...targets]) => {
    const target = targets.find((each) => each !== undefined) ?? "";
    const file = target === "#core" ? "src/core/index.ts" : normalize(join(dirname(path), target));
    return [file, names.match(/\w+/g) ?? []];
  });
}

const namesOf = (text: string): string[] =>
  [...text.matchAll(/^export (?:async )?(?:abstract )?(?:function\*?|const|class|type|interface) (\w+)/gm)].map(
    ([, name = ""]) => name,
  );

/** Directly, or a name of it from a file that hands it on, as the core's index does. */
function takes(path: string, file: string, house: House): boolean {
  const own = namesOf(house.get(file) ?? "");
  return takenBy(path, house).some(
    ([from, names]) =>
      from === file ||
      (names.some((name) => own.includes(name)) && takenBy(from, house).some(([next]) => next === file)),
  );
}

/** A file, or words for somebody that names none. */
const SOMEBODY = String.raw`(?:${FILE}|(?:the |an? )?[\w'-]+)`;
const USE = new RegExp(
  String.raw`\b(?:\w+ by|[Ii]mplemented in|[Rr]ows in|[Pp]art of) (${SOMEBODY}(?:(?:, and|,| and| or)(?: by)? ${SOMEBODY})*)`,
  "g",
);

/** The files that a comment says use its own: "Called by <it>.ts"; whom it reaches through others, or handed on, need not import it. */
const usersIn = (comment: string): string[] =>
  comment
    .split(/(?<=\.)\s+(?=[A-Z])|;/)
    .filter((sentence) => !/\b(?:through|handed)\b/i.test(sentence))
    .flatMap((sentence) => [...sentence.matchAll(USE)])
    .flatMap(([, somebody = ""]) => somebody.match(new RegExp(FILE, "g")) ?? []);

type Said = { readonly where: string; readonly says: string; readonly isTrue: boolean };

const saidIn = (house: House): Said[] =>
  [...house].flatMap(([where, text]) =>
    commentsOf(text).flatMap((comment) => {
      const plain = (name: string): boolean => !/[<*]/.test(name);
      const there = pathsIn(comment, house).filter(plain);
      const users = usersIn(comment).filter(plain);
      return [
        ...there.map((name) => ({ where, says: name, isTrue: meantBy(name, where, house).length > 0 })),
        ...users.map((name) => ({
          where,
          says: `by ${name}`,
          isTrue: meantBy(name, where, house).some((path) => takes(path, where, house)),
        })),
      ];
    }),
  );

const liesOf = (said: readonly Said[]): string[] => [
  ...new Set(said.flatMap(({ where, says, isTrue }) => (isTrue ? [] : [`${where}: ${says}`]))),
];

describe("in the house", async () => {
  const folders = ["src", "adapters", "agents", "test", "docs", "migrations"];
  const house: House = new Map([
    ...folders.map((folder) => [folder, ""] as const),
    ...(await Promise.all(folders.map(read))).flat(),
  ]);
  const said = saidIn(house);

  test("comments name files and users at all", () => {
    expect(said.length).toBeGreaterThan(800);
    expect(said.filter(({ says }) => says.startsWith("by ")).length).toBeGreaterThan(300);
  });

  test("what they say is true", () => {
    expect(liesOf(said)).toEqual([]);
  });
});

describe("in a small house", () => {
  const door = 'import { type Deed } from "#core";\nimport { act } from "./part/act.ts";\nexport const open = act;\n';
  const small = (file: string, text: string): House =>
    new Map([
      ...["src", "src/core", "src/turn", "src/turn/part", "src/postgres", "adapters"].map(
        (path) => [path, ""] as const,
      ),
      ["src/core/index.ts", 'export * from "./deed.ts";\n'],
      ["src/core/deed.ts", "export type Deed = 1;\n"],
      ["src/turn/door.ts", door],
      ["src/turn/part/act.ts", "export const act = 1;\n"],
      [file, text],
    ]);

  test.each([
    ["src/turn/part/act.ts", "/** Done. Called by door.ts. */\nexport const act = 1;\n"],
    ["src/turn/part/act.ts", "/** Done. Pure; called by door.ts alone, as src/turn/door.ts has it. */\n"],
    ["src/turn/part/act.ts", "/** Done; see part/act.ts, turn/door.ts, and part/ or src/turn/. */\n"],
    ["src/core/deed.ts", "/** What is done. Implemented in turn/door.ts. */\nexport type Deed = 1;\n"],
    ["src/turn/idle.ts", "/** Never done. Handed to part/act.ts by door.ts. */\n"],
    ["src/turn/idle.ts", "/** One file a deed: `src/turn/<deed>.ts`. Called by the roof. */\n"],
  ])("%s may begin %j", (file, text) => {
    expect(liesOf(saidIn(small(file, text)))).toEqual([]);
  });

  test.each([
    ["src/turn/part/act.ts", "/** Done. Called by gone.ts. */\n", ["gone.ts", "by gone.ts"]],
    ["src/turn/part/act.ts", "/**\n * Done, and used by door.ts,\n * idle.ts. */\n", ["idle.ts", "by idle.ts"]],
    ["src/turn/idle.ts", "/** Never done. Called by the roof and door.ts. */\n", ["by door.ts"]],
    ["src/turn/part/act.ts", "export const act = 1;\n// As src/door.ts has it.\n", ["src/door.ts"]],
    ["src/turn/part/act.ts", "/** One of parts/ of src/turns. */\n", ["parts", "src/turns"]],
    ["src/turn/part/act.ts", "/** Rows in postgres/acts. */\n", ["postgres/acts"]],
    ["src/core/deed.ts", "/** What is done. Rows in turn/door.ts. */\nexport type Other = 1;\n", ["by turn/door.ts"]],
    ["adapters/web/index.ts", "/** Offers what door.ts does. */\n", ["door.ts"]],
  ])("%s may not begin %j", (file, text, lies) => {
    expect(liesOf(saidIn(small(file, text)))).toEqual(lies.map((says) => `${file}: ${says}`));
  });
});
