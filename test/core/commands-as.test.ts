/** How Nova's own words name its commands where a slash belongs to the platform. */
import { expect, test } from "vitest";
import { commandsAs } from "#core";

test("a command is named as it is typed there, and nothing else is touched", () => {
  const words = "Send `/link` or `/agent <name>`; `24/7` and /why stay.";
  expect(commandsAs(words, "/nova ")).toBe("Send `/nova link` or `/nova agent <name>`; `24/7` and /why stay.");
});
