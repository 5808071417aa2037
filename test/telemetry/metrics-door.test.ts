/** Who may read the metrics. */
import { expect, test } from "vitest";
import { createMetricsDoor } from "../../src/http/metrics-door.ts";

const NONE = new Headers();
const TOKEN = "a-token-of-good-length";

test.each([
  ["127.0.0.1", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["10.1.2.3", true],
  ["172.31.0.1", true],
  ["172.32.0.1", false],
  ["192.168.178.20", true],
  ["::ffff:192.168.1.1", true],
  ["::ffff:203.0.113.5", false],
  ["fd00::5", true],
  ["fe80::1%eth0", true],
  ["203.0.113.5", false],
  ["2001:db8::1", false],
  ["unknown", false],
])("without a token, somebody from %s may: %s", (peer, may) => {
  expect(createMetricsDoor(null, undefined)(peer, NONE)?.status).toBe(may ? undefined : 403);
});

test.each(["forwarded", "x-forwarded-for", "x-real-ip", "via"])("a request with %s came from elsewhere", (name) => {
  expect(createMetricsDoor(null, undefined)("127.0.0.1", new Headers({ [name]: "x" }))?.status).toBe(403);
});

test("behind a proxy nobody is near, unless the public name is this machine's", () => {
  expect(createMetricsDoor(null, "https://nova.example")("127.0.0.1", NONE)?.status).toBe(403);
  expect(createMetricsDoor(null, "http://localhost:3000")("127.0.0.1", NONE)).toBeUndefined();
});

test("with a token, its bearer may from everywhere and nobody else from anywhere", () => {
  const door = createMetricsDoor(TOKEN, "https://nova.example");
  const bearing = (token: string) => new Headers({ authorization: `Bearer ${token}` });
  expect(door("203.0.113.5", bearing(TOKEN))).toBeUndefined();
  expect(door("203.0.113.5", bearing(`${TOKEN}x`))?.status).toBe(401);
  expect(door("127.0.0.1", NONE)?.status).toBe(401);
});
