/** `npm run bench`: prints what Nova costs beside bare loops on the same machine. Nothing here is asserted by time. */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureAccept } from "./accept.ts";
import { measureBurst } from "./burst.ts";
import { measureHops } from "./hops.ts";
import { openEngine, type Engine, type EngineName } from "./engine.ts";
import { page, type Figure } from "./figures.ts";
import { measureRecall } from "./recall.ts";
import { measureRoute } from "./route.ts";
import { measureStart } from "./start.ts";
import { measureTurns } from "./turns.ts";

const USAGE = `npm run bench [-- --engine embedded|server] [--only accept,turns,hops,recall,route,start,burst] [--full] [--json]

  --engine  one of the two; both when left out
  --only    some of the sections
  --full    recall among 100,000 notes too: some minutes more
  --json    one figure a line

NOVA_TEST_DATABASE_URL names the server, as a user who may do everything there; without it one is built from
Debian's packages in a temporary folder.`;

type Measure = (engine: Engine, full: boolean) => Promise<readonly Figure[]>;

const SECTIONS: Readonly<Record<string, { readonly heading: string; readonly measure: Measure }>> = {
  accept: { heading: "Accepting signed posts", measure: measureAccept },
  turns: { heading: "Turns", measure: measureTurns },
  hops: { heading: "Two hops and a tool", measure: measureHops },
  recall: { heading: "Recall", measure: measureRecall },
  route: { heading: "Routing", measure: measureRoute },
  start: { heading: "Start and memory", measure: measureStart },
  burst: { heading: "A burst on Slack and Discord", measure: measureBurst },
};
const ENGINES: readonly EngineName[] = ["embedded", "server"];

const { values } = parseArgs({
  options: {
    engine: { type: "string" },
    only: { type: "string", default: Object.keys(SECTIONS).join(",") },
    full: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const engines = ENGINES.filter((name) => values.engine === undefined || values.engine === name);
const wanted = values.only.split(",");
const unknown = wanted.filter((name) => !(name in SECTIONS));

if (values.help || engines.length === 0 || unknown.length > 0) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  for (const name of engines) await measure(name);
}

async function measure(name: EngineName): Promise<void> {
  const engine = await openEngine(name);
  try {
    for (const [key, section] of Object.entries(SECTIONS)) {
      if (!wanted.includes(key)) continue;
      const figures = await section.measure(engine, values.full);
      if (values.json)
        for (const figure of figures) console.log(JSON.stringify({ engine: name, section: key, ...figure }));
      else console.log(page(`${section.heading}, ${name}, load ${loadavg()[0]?.toFixed(1)}`, figures));
    }
  } finally {
    await engine.close();
  }
}
