/** One configuration for the whole suite; tests wait for states, so time-outs are generous. */
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { leftToOneEngine, leftToTheNight, leftToTheServer, sameOnEveryEngine } from "./support/engine-choice.ts";
import { isWhole } from "./support/nightly.ts";

/** Where both engines are tried one after the other; `npm test` alone tries everything that it can. */
const inCi = process.env["CI"] === "true";
const onServer = process.env["NOVA_TEST_DATABASE_URL"] !== undefined;

/** The stories first: they start processes, take longest, and would else keep one worker busy at the end. */
class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isStory = ({ moduleId }: TestSpecification): boolean => moduleId.includes("/test/story/");
    const sorted = await super.sort(files);
    return [...sorted.filter(isStory), ...sorted.filter((file) => !isStory(file))];
  }
}

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    exclude: [
      ...configDefaults.exclude,
      ...(onServer ? sameOnEveryEngine() : []),
      ...(onServer && !isWhole ? leftToOneEngine() : []),
      ...(!onServer && inCi && !isWhole ? leftToTheServer() : []),
      ...(inCi && !isWhole ? leftToTheNight() : []),
    ],
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/patience.ts"],
    sequence: { sequencer: StoriesFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    // A file's own process costs a second and a half of imports, a fifth of all. No test replaces a module, and what one
    // starts it ends, so that nothing is handed on.
    isolate: false,
    maxWorkers: 2,
  },
});
