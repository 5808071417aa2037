/**
 * Folders and files of tests that open no database: the same on every engine, and left out when the suite runs on a
 * server. Read by vitest.config.ts; test/house/engines.test.ts proves each of them.
 */
export const WITHOUT_DATABASE = [
  "test/agents/",
  "test/core/",
  "test/home/",
  "test/house/",
  "test/http/",
  "test/langchain/",
  "test/plugins/",
  "test/routing/",
] as const;
