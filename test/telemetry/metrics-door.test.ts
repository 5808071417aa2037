/** Who may read the metrics. */
import { expect, test } from "vitest";
import { createMetricsDoor } from "../../src/http/metrics-door.ts";

const NONE = new Headers();
const TOKEN = "a-token-of-good-length";

const HERE = "127.0.0.1";

test.each([
  ["127.0.0.1", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["10.1.2.3", false],
  ["172.17.0.1", false],
  ["::ffff:203.0.113.5", false],
  ["fe80::1%eth0", false],
  ["2001:db8::1", false],
  ["unknown", false],
])("without a token, somebody from %s may: %s", (peer, may) => {
  expect(createMetricsDoor(null, HERE, undefined)(peer, NONE)?.status).toBe(may ? undefined : 403);
});

test.each(["forwarded", "x-forwarded-for", "x-real-ip", "via", "cf-connecting-ip"])(
  "a request with %s came from elsewhere",
  (name) => {
    expect(createMetricsDoor(null, HERE, undefined)(HERE, new Headers({ [name]: "x" }))?.status).toBe(403);
  },
);

test.each([
  ["0.0.0.0", undefined],
  ["192.168.1.5", undefined],
  [HERE, "https://nova.example"],
])("listening on %s as %s, others may look like this machine: only a token opens", (listening, publicUrl) => {
  expect(createMetricsDoor(null, listening, publicUrl)(HERE, NONE)?.status).toBe(403);
});

test("a public name of this machine's own changes nothing", () => {
  expect(createMetricsDoor(null, "localhost", "http://localhost:3000")(HERE, NONE)).toBeUndefined();
});

test("with a token, its bearer may from everywhere and nobody else from anywhere", () => {
  const door = createMetricsDoor(TOKEN, "0.0.0.0", "https://nova.example");
  const bearing = (token: string) => new Headers({ authorization: `Bearer ${token}` });
  expect(door("203.0.113.5", bearing(TOKEN))).toBeUndefined();
  expect(door("203.0.113.5", bearing(`${TOKEN}x`))?.status).toBe(401);
  expect(door("127.0.0.1", NONE)?.status).toBe(401);
});
