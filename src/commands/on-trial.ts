/** The parts of Nova that `nova eval` measures, made as main.ts makes them, on a scratch database. Called by measuring.ts. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { HOME, systemClock } from "#core";
import type { UnseenRoute } from "../eval/own-routing.ts";
import type { Learner, Scratch } from "../eval/scratch.ts";
import { createLexicon } from "../memory/lexicon.ts";
import { createMemory } from "../memory/memory.ts";
import { loadAgents, loadTools } from "../plugins/index.ts";
import type { DatabaseOptions } from "../postgres/engine/database.ts";
import { migrate } from "../postgres/engine/migrate.ts";
import { createMemoryStore } from "../postgres/memory/memory.ts";
import { createPeople } from "../postgres/people/people.ts";
import { createProjects } from "../postgres/projects.ts";
import { createClassifier, fitModel, prepare } from "../routing/learning/classifier.ts";
import { crossValidate } from "../routing/learning/cross-validate.ts";
import { NOBODY } from "../routing/learning/examples.ts";
import { gistOf } from "../routing/gist.ts";
import { GENERAL } from "../routing/names.ts";
import { MIGRATIONS, opened } from "../service/database-place.ts";

export function onScratch<T>(
  place: DatabaseOptions,
  signal: AbortSignal,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  return opened(place, async (database) => {
    signal.throwIfAborted();
    await migrate(database, MIGRATIONS);
    const lexicon = createLexicon();
    const people = createPeople(database, { clock: systemClock, random: randomBytes });
    const projects = createProjects(database);
    return work({
      memory: createMemory({ store: createMemoryStore(database, lexicon), lexicon }),
      person: (name) => people.add(HOME, name, "member"),
      project: async (name) => (await projects.ensure(HOME, name)).id,
      settle: () => database.upkeep(),
    });
  });
}

/** The classifier alone: no thresholds, no lines of Nova's own that are nobody's, and no model for what is unclear. */
export const learner: Learner = {
  async learn(examples, background, rest) {
    const prepared = prepare([
      ...examples.map(({ text, label }) => ({ text: gistOf(text), label })),
      ...background.map((text) => ({ text: gistOf(text), label: NOBODY })),
    ]);
    await rest();
    const classifier = createClassifier({ ...prepared, background: NOBODY, model: fitModel(prepared) });
    return (text) => {
      const { ranking, background: nobody, confidence } = classifier.predict(gistOf(text));
      const [top] = ranking;
      return { label: top && top.probability >= nobody ? top.label : undefined, confidence };
    };
  },
};

/** What the agents in this folder would get of their own examples, unseen. */
export async function routesOnTrial(folder: string): Promise<{ routes: readonly UnseenRoute[]; general: string }> {
  const tools = await loadTools(join(folder, "tools"));
  const { roster } = await loadAgents(folder, { tools: [...tools.values()] });
  return { routes: await crossValidate(roster.all()), general: GENERAL };
}
