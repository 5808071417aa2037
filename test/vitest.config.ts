/** One configuration for the whole suite; tests wait for states, so time-outs are generous. */
import { configDefaults, defineConfig } from "vitest/config";
import { WITHOUT_DATABASE } from "./support/without-database.ts";

const onServer = process.env["NOVA_TEST_DATABASE_URL"] !== undefined;

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(onServer ? WITHOUT_DATABASE.map((folder) => `${folder}**`) : [])],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
