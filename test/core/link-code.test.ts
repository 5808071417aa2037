/** Which words hand over a link code: one answer for whoever redeems them and whoever refuses them. */
import { expect, test } from "vitest";
import { linkCode } from "#core";

test.each([
  ["/link ABCD-EFGH", "ABCD-EFGH"],
  ["  /LINK   abcd-efgh \n", "abcd-efgh"],
  ["/link 12", "12"],
  ["link abcd-2345", "abcd-2345"],
  ["/nova link ABCD-EFGH", "ABCD-EFGH"],
  ["nova link abcd-2345", "abcd-2345"],
  ["\0/link ABCD-EFGH", "ABCD-EFGH"],
  ["/li\0nk ABCD\0-EFGH\0", "ABCD-EFGH"],
])("%j hands over %s", (text, code) => {
  expect(linkCode(text)).toBe(code);
});

test.each([
  "link building",
  "/link",
  "/link ",
  "please /link ABCD-EFGH",
  "/link ABCD-EFGH now",
  `/link ${"x".repeat(41)}`,
])("%j is a message like any other", (text) => expect(linkCode(text)).toBeUndefined());
