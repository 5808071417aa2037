/** What is wrong with a field, as people read it. */
import { expect, test } from "vitest";
import { z } from "zod";
import { decidedByTyping, misfit } from "#core";

test.each([
  ["nothing", z.string(), undefined, "`text` is missing"],
  ["another kind", z.string(), 7, "`text` must be text"],
  ["no number", z.coerce.number(), "x", "`text` must be a number"],
  ["an empty one", z.string().min(1), "", "`text` must not be empty"],
  ["too short", z.string().min(3), "ab", "`text` must have at least 3 characters"],
  ["too long", z.string().max(1), "ab", "`text` must have at most 1 character"],
  ["too large", z.number().max(500), 501, "`text` must be at most 500"],
  ["too few", z.array(z.string()).min(1), [], "`text` must have at least one entry"],
  ["none of those", z.enum(["a", "b"]), "c", "`text` must be one of a, b"],
  ["more than there is", z.strictObject({}), { extra: 1 }, "`extra` is not known here"],
  ["another form", z.email(), "x", "`text` does not have the form that is needed"],
  ["words of its own", z.string().min(1, "say something"), "", "say something"],
])("%s", (_what, schema, value, words) => {
  const read = schema.safeParse(value);
  expect(read.error?.issues.map((issue) => misfit(issue, "text"))).toEqual([words]);
});

test("what is typed in the place of buttons is read from them, and other buttons say nothing", () => {
  const ids = ["approve:2:0123456789abcdef", "deny:2:0123456789abcdef", "sources:9", "deny:3:0123456789abcdef"];
  const found = decidedByTyping(ids.map((id) => ({ id, label: "" })));
  expect([...found].map(([number, deeds]) => [number, ...deeds])).toEqual([
    ["2", "approve", "deny"],
    ["3", "deny"],
  ]);
});
