/** One try of one model: how long its pieces are waited for, and what the person sees meanwhile. Called by ask.ts. */
import { raceWithSignal } from "@langchain/core/runnables";
import type { Calling } from "./calling.ts";
import type { Passage } from "../models/circuit.ts";
import { ModelFailure } from "../models/failure.ts";
import type { PaidCall } from "./costs.ts";
import { patience } from "./pace.ts";
import type { Hearing } from "./speak.ts";

/** Who is told of each piece. */
type Heard = { readonly call: PaidCall; readonly passage: Passage };

/**
 * `work` gets a signal that aborts when the model falls silent: before its first piece after most of the time that is left,
 * between pieces after the agent's `idleMs`. Late pieces of a try that was given up are not heard.
 */
export async function attempt<T>(
  run: Calling,
  { call, passage }: Heard,
  work: (hearing: Hearing) => Promise<T>,
): Promise<T> {
  const silence = new AbortController();
  const signal = AbortSignal.any([run.signal, silence.signal]);
  const { idleMs } = run.step.agent;
  let waitMs = patience(run.left());
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    // Less than the agent would wait between two pieces says nothing against the model.
    timer = setTimeout(() => silence.abort(new ModelFailure(waitMs < idleMs ? "hurried" : "stalled")), waitMs);
  };

  const startedAt = run.clock.now().getTime();
  const notice = setInterval(() => {
    const seconds = Math.round((run.clock.now().getTime() - startedAt) / 1_000);
    run.witness.status(`Waiting for ${run.speaker.name}, ${seconds} s`);
  }, run.pace.noticeMs);

  const heard = (characters: number) => {
    call.heard(characters);
    // Some servers send an empty piece at once, and think after it.
    if (characters > 0) {
      passage.spoke();
      clearInterval(notice);
      waitMs = idleMs;
    }
    wait();
  };
  wait();
  try {
    return await raceWithSignal(work({ signal, heard }), signal);
  } catch (error) {
    throw silence.signal.aborted && !run.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
    clearInterval(notice);
  }
}
