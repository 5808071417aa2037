/** The end of a take: nothing that was begun in it goes on behind it. */
import { expect, test } from "vitest";
import { turnId, type TakenTurn } from "#core";
import { createStops, holdTurn, TurnAborted } from "../../src/turn/hold.ts";
import { silentLog } from "../support/log.ts";

test("a hold that is released stops what was left behind in it, and what ended it before stays the reason", () => {
  const turn = { id: turnId("1") } as TakenTurn;
  const deps = { turns: { check: async () => "held" as const }, stops: createStops(), log: silentLog };
  const outer = new AbortController();
  const done = holdTurn(turn, deps, outer.signal);
  expect(done.signal.aborted).toBe(false);
  done.release();
  expect(done.signal.reason).toMatchObject({ why: "ended" });
  expect(done.signal.reason).toBeInstanceOf(TurnAborted);
  const lost = holdTurn(turn, deps, outer.signal);
  lost.lose();
  lost.release();
  expect(lost.signal.reason).toMatchObject({ why: "lost" });
});
