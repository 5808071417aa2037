/** Thirty-four agents on call: the real ones, and made-up ones whose fields do not overlap. */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { openTrial, type Trial } from "../contract/trial-folder.ts";

export const AGENTS = 34;
/** The made-up agent that the bench talks to. */
export const SPOKEN_TO = "field-gardens";

/** A field's own nouns; each agent's examples are made of its own six only. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  gardens: ["roses", "hedge", "compost", "lawn", "seedlings", "greenhouse"],
  bicycles: ["derailleur", "spokes", "handlebar", "brake pads", "saddle", "inner tube"],
  baking: ["sourdough", "croissant dough", "oven rack", "yeast", "cake tin", "icing"],
  astronomy: ["telescope", "nebula", "eclipse", "jupiter", "comet tail", "meteor shower"],
  sailing: ["mainsail", "rudder", "anchor chain", "harbour pilot", "spinnaker", "tide table"],
  knitting: ["yarn", "cable stitch", "needles", "wool skein", "crochet hook", "cardigan sleeve"],
  chess: ["rook ending", "gambit", "bishop pair", "castling", "checkmate net", "opening theory"],
  beekeeping: ["hive", "honeycomb", "queen bee", "smoker", "swarm", "varroa mites"],
  pottery: ["kiln", "glaze", "clay wheel", "stoneware", "bisque firing", "slip casting"],
  birds: ["kestrel", "nest box", "migration route", "songbird", "binoculars", "feather moult"],
  trains: ["locomotive", "signal box", "sleeper car", "railway gauge", "freight wagon", "dining car"],
  cheese: ["rennet", "brie rind", "cheddar wheel", "whey", "goat curd", "ripening cellar"],
  glaciers: ["crevasse", "moraine", "ice core", "serac", "snow line", "firn layer"],
  violins: ["bow hair", "rosin", "fingerboard", "vibrato", "soundpost", "string quartet"],
  horses: ["bridle", "stirrups", "dressage", "hoof", "paddock", "foal"],
  typography: ["serif", "kerning", "ligature", "typeface", "italics", "glyph"],
  volcanoes: ["lava flow", "magma chamber", "caldera", "ash cloud", "pumice", "eruption"],
  coffee: ["espresso", "grinder burrs", "crema", "arabica beans", "portafilter", "latte foam"],
  mushrooms: ["chanterelle", "spore print", "mycelium", "porcini", "gills", "truffle oak"],
  castles: ["drawbridge", "moat", "portcullis", "dungeon", "battlements", "turret"],
  photography: ["aperture", "shutter", "tripod", "darkroom", "zoom lens", "light meter"],
  dinosaurs: ["fossil", "triceratops", "sauropod", "cretaceous", "paleontologist", "raptor claw"],
  climbing: ["belay", "carabiner", "boulder grip", "harness", "chalk bag", "overhang"],
  perfume: ["musk", "bergamot", "top note", "jasmine absolute", "amber accord", "atomiser"],
  clocks: ["pendulum", "escapement", "cuckoo", "mainspring", "dial hands", "hour chime"],
  fishing: ["trout fly", "reel", "bait", "angler", "salmon run", "fishing rod"],
  lighthouses: ["fresnel lens", "keeper's log", "foghorn", "beacon", "lantern room", "reef warning"],
};

/** How a field's noun is asked about. */
const ASKED = [
  (noun: string) => `which ${noun} suits a beginner`,
  (noun: string) => `why is my ${noun} not right this year`,
  (noun: string) => `how do I take care of the ${noun}`,
];

/** Questions that go to the agent spoken to, no two alike. */
export function questions(count: number): readonly string[] {
  const nouns = FIELDS["gardens"] ?? [];
  return Array.from({ length: count }, (_, i) => {
    const noun = nouns[i % nouns.length] ?? "";
    const other = nouns[(i + 1 + Math.floor(i / nouns.length)) % nouns.length] ?? "";
    return `How do I take care of the ${noun} beside the ${other} in week ${i + 1}?`;
  });
}

/** The folder to be opened as agents; closing it removes it. `more`: further lines of a field's front matter. */
export async function openRoster(
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly agents: string; close(): Promise<void> }> {
  const trial = await openTrial();
  await easeGolden(trial);
  for (const [field, nouns] of Object.entries(FIELDS)) {
    await trial.write(`agents/general/field-${field}.md`, specOf(field, nouns, more[field]));
  }
  return trial;
}

const skilled = z.looseObject({ skills: z.array(z.looseObject({ examples: z.array(z.string()).min(1) })).min(1) });

/** The real agents' golden routes hold among themselves; close ones may become a question among so many more. */
async function easeGolden(trial: Trial): Promise<void> {
  for (const path of await readdir(trial.agents, { recursive: true })) {
    if (!path.endsWith(".md")) continue;
    const [, front = "", ...prompt] = (await readFile(join(trial.agents, path), "utf8")).split(/^---$/m);
    const fields = skilled.parse(parse(front));
    const golden = [{ input: fields.skills[0]?.examples[0], route: basename(path, ".md") }];
    await trial.write(`agents/${path}`, ["", `\n${stringify({ ...fields, golden })}`, ...prompt].join("---"));
  }
}

function specOf(field: string, nouns: readonly string[], more = ""): string {
  const examples = nouns.flatMap((noun) => ASKED.map((ask) => ask(noun)));
  return `---
name: Field of ${field}
purpose: Answers what people ask about ${field}.
useWhen: Somebody asks about ${nouns.slice(0, 3).join(", ")} or anything else of ${field}.
notFor: Everything that is not about ${field}.
skills:
  - name: tell
    description: Tells what is known about ${field}
    examples:
${examples.map((example) => `      - ${example}`).join("\n")}
reads: [conversation, memory]
trust: T1
visibility: guest
${more}
failureModes:
  - what: It tells something that is not so.
    detect: Nothing detects it; the agent exists for measurements only.
    fallback: None.
golden:
  - input: how do I take care of the ${nouns[0]}
    route: field-${field}
---

You answer questions about ${field} in one or two sentences, from what is generally known, from the conversation and from
the recalled items that you are given; cite a recalled item by its id, as in [m12]. What has nothing to do with ${field}
is not yours: say so, and leave it to others. You read and do not act: never say that you kept or changed anything.
`;
}
