/** What the terminal says of channels while Nova runs. */
import { expect, test } from "vitest";
import { createChannelLines } from "../../src/cli/banner.ts";
import { createInk } from "../../src/cli/ink.ts";

test("a channel that connects out is connected, one that is posted to is served, and nothing is said twice", () => {
  const line = createChannelLines(createInk(false));
  const slack = { platform: "slack", servedAt: null };
  expect(line({ ...slack, kind: "up" })).toBe("  slack     connected\n");
  expect(line({ ...slack, kind: "up" })).toBe("");
  expect(line({ ...slack, kind: "down", detail: "it was lost" })).toBe("  slack     down: it was lost\n");
  const discord = { platform: "discord", servedAt: "/discord/interactions" };
  expect(line({ ...discord, kind: "up" })).toBe(
    "  discord   served at /discord/interactions; it waits for posts there\n",
  );
});
