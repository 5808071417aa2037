/** Ctrl-C: once it asks, twice it insists, and the copy that npm sends along is no second time. */
import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createStops } from "../../src/cli/stops.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

function setUp() {
  const source = new EventEmitter();
  const onInsist = vi.fn<() => void>();
  const stops = createStops(source as unknown as NodeJS.Process, onInsist);
  return { source, onInsist, stops };
}

test("the first signal asks to stop; its echo does not insist; a later one does", () => {
  const { source, onInsist, stops } = setUp();
  expect(stops.signal.aborted).toBe(false);
  source.emit("SIGINT");
  expect(stops.signal.aborted).toBe(true);
  vi.advanceTimersByTime(50);
  source.emit("SIGINT");
  expect(onInsist).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2_000);
  source.emit("SIGINT");
  expect(onInsist).toHaveBeenCalledOnce();
});

test("once ignored, signals do what they always do", () => {
  const { source, stops } = setUp();
  stops.ignore();
  expect(source.listenerCount("SIGINT") + source.listenerCount("SIGTERM")).toBe(0);
});
