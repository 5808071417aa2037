/** When a model is left in peace: what counts against it, who tries whether it is well again, and which pauses all keep. */
import { describe, expect, test } from "vitest";
import { createCircuit, type Passage } from "../../src/langchain/models/circuit.ts";
import { ModelFailure, type FailureKind } from "../../src/langchain/models/failure.ts";

function lab() {
  let at = Date.parse("2026-11-20T10:00:00Z");
  const circuit = createCircuit("big", { now: () => new Date(at) });
  const enter = (): Passage => {
    const entered = circuit.enter();
    if ("why" in entered) throw new Error("the model rests");
    return entered;
  };
  const fail = (kind: FailureKind = "server_error", times = 1) => {
    for (let call = 0; call < times; call += 1) enter().failed(new ModelFailure(kind));
  };
  return { circuit, enter, fail, pass: (ms: number) => void (at += ms) };
}

const opened = () => {
  const made = lab();
  made.fail("server_error", 5);
  return made;
};

describe("it opens", () => {
  test("at the fifth call that fails within a minute", () => {
    const { circuit, fail } = lab();
    fail("server_error", 4);
    expect(circuit.resting()).toBeUndefined();
    fail();
    expect(circuit.resting()).toEqual({ why: "server_error", ms: 30_000 });
  });

  test("not when one between them was answered", () => {
    const { circuit, enter, fail } = lab();
    fail("server_error", 4);
    enter().answered();
    fail("server_error", 4);
    expect(circuit.health().state).toBe("closed");
  });

  test("not when they lie apart, or say nothing against the model", () => {
    const { circuit, fail, pass } = lab();
    fail("server_error", 4);
    pass(60_001);
    fail("server_error", 1);
    fail("hurried", 9);
    fail("rejected", 9);
    expect(circuit.health().state).toBe("closed");
  });

  test("not for longer when the clock is set back", () => {
    const { circuit, pass } = opened();
    pass(-3_600_000);
    expect(circuit.resting()).toBeUndefined();
  });
});

describe("the trial after a rest", () => {
  test("is one call's alone until its first piece, which opens the way for all", () => {
    const { circuit, enter, pass } = opened();
    pass(30_000);
    const trial = enter();
    expect(trial.trial).toBe(true);
    expect(circuit.enter()).toEqual({ why: "server_error", ms: 0 });
    trial.spoke();
    expect(circuit.health().state).toBe("closed");
    expect(enter().trial).toBe(false);
  });

  test("that ends unclear or is stopped leaves the next one to be the trial at once", () => {
    const { enter, fail, pass } = opened();
    pass(30_000);
    enter().left();
    fail("hurried");
    expect(enter().trial).toBe(true);
  });

  test("that fails begins another rest, and one that is refused shows that the server lives", () => {
    const failing = opened();
    failing.pass(30_000);
    failing.fail("reset");
    expect(failing.circuit.resting()).toEqual({ why: "reset", ms: 30_000 });
    const living = opened();
    living.pass(30_000);
    living.fail("too_long");
    expect(living.circuit.health().state).toBe("closed");
  });

  test("is not decided by calls that began before the rest", () => {
    const { circuit, enter, fail, pass } = lab();
    const early = enter();
    const late = enter();
    fail("server_error", 5);
    early.answered();
    expect(circuit.health().state).toBe("open");
    pass(30_000);
    const trial = enter();
    late.failed(new ModelFailure("server_error"));
    trial.spoke();
    expect(circuit.health().state).toBe("closed");
  });
});

test("the longest pause that anybody was asked for is everybody's", () => {
  const { circuit, pass } = lab();
  circuit.askedForPause(20_000);
  circuit.askedForPause(5_000);
  pass(4_000);
  expect(circuit.pauseMs()).toBe(16_000);
  expect(circuit.health().state).toBe("closed");
  pass(16_000);
  expect(circuit.pauseMs()).toBe(0);
});
