/** Log lines: JSON, without secrets, and without the words of people. */
import { expect, test } from "vitest";
import { NovaError, type Log } from "#core";
import { createLog } from "../../src/log.ts";

function written(write: (log: Log) => void, level: "debug" | "info" | "silent" = "debug"): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => void lines.push(line) }));
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

test("a line is JSON with time, level, event and fields", () => {
  const [line] = written((log) => log.info("turn.settled", { turn: "12", parts: 1, model: null }));
  expect(line).toMatchObject({ level: "info", event: "turn.settled", turn: "12", parts: 1, model: null });
  expect(new Date(String(line?.["time"])).getTime()).not.toBeNaN();
});

test("the level holds back what is below it", () => {
  expect(written((log) => (log.debug("a"), log.info("b"), log.warn("c")), "info").map((line) => line["event"])).toEqual(
    ["b", "c"],
  );
  expect(written((log) => log.error("a", new Error("x")), "silent")).toEqual([]);
});

test("of a foreign error only name, code and frames are kept, for its message may quote a person", () => {
  const error = Object.assign(new TypeError("cannot parse 'my bank is broken'"), { code: "E_PARSE" });
  const [line] = written((log) => log.error("turn.failed", error, { turn: "1" }));
  expect(JSON.stringify(line)).not.toContain("bank");
  expect(line).toMatchObject({ event: "turn.failed", turn: "1", error: { name: "TypeError", code: "E_PARSE" } });
  expect(line).toMatchObject({ error: { stack: expect.stringMatching(/^at /) } });
});

test("a NovaError keeps its message, also as a cause", () => {
  const known = new NovaError("port_in_use", "Port 3000 is in use.");
  const [line] = written((log) => log.error("start.failed", new Error("wrapped", { cause: known })));
  expect(line).toMatchObject({ error: { code: "port_in_use", message: "Port 3000 is in use." } });
});

test.each([
  ["sk-abcdefghijklmnop1234", "key sk-abcdefghijklmnop1234 was refused"],
  ["xoxb-1234-abcdefgh", "xoxb-1234-abcdefgh"],
  ["whsec_MfKQ9r8GKYqrTwjU", "whsec_MfKQ9r8GKYqrTwjU"],
  ["hunter2", "postgres://nova:hunter2@db.example/nova"],
  ["abcdef0123456789", "Authorization: Bearer abcdef0123456789"],
])("what looks like a key is cut out: %s", (secret, text) => {
  const [line] = written((log) => log.warn("odd", { text }));
  expect(JSON.stringify(line)).not.toContain(secret);
  expect(JSON.stringify(line)).toContain("[secret]");
});

test("a field that is named like a secret is never written", () => {
  const [line] = written((log) => log.warn("odd", { controlToken: "x", password: "y", tokens: 12 }));
  expect(line).toMatchObject({ controlToken: "[secret]", password: "[secret]", tokens: 12 });
});
