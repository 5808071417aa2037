/** Calls that may have brought a process down are served one at a time, in order, and none waits for ever. */
import { expect, test } from "vitest";
import { createSuspects } from "../../src/turn/suspects.ts";

const open = new AbortController().signal;

test("one at a time, in the order in which they came, also after one that failed", async () => {
  const suspects = createSuspects();
  const running: string[] = [];
  let together = 0;
  const serve = (name: string, fails = false) =>
    suspects.alone(async () => {
      together += 1;
      expect(together).toBe(1);
      running.push(name);
      await new Promise(setImmediate);
      together -= 1;
      if (fails) throw new Error(name);
      return name;
    }, open);
  const served = await Promise.allSettled([serve("a"), serve("b", true), serve("c")]);
  expect(served.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(running).toEqual(["a", "b", "c"]);
});

test("one that gives up waiting is gone at once, and lets nobody in before his time", async () => {
  const suspects = createSuspects();
  const first = Promise.withResolvers<void>();
  const order: string[] = [];
  const a = suspects.alone(() => first.promise.then(() => void order.push("a")), open);
  const patience = new AbortController();
  const b = suspects.alone(async () => void order.push("b"), patience.signal);
  const c = suspects.alone(async () => void order.push("c"), open);
  patience.abort(new Error("the service is stopping"));
  await expect(b).rejects.toThrow("stopping");
  expect(order).toEqual([]);
  first.resolve();
  await Promise.all([a, c]);
  expect(order).toEqual(["a", "c"]);
});
