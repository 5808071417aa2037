/** Does the same thing again and again in several lanes at once, for so long, and times each. Used by accept. */

/** The times of each round, one a request. */
export type Rounds = readonly (readonly number[])[];

export const ROUND_MS = 1_500;
const ROUNDS = 3;

/** After a short round that nobody counts. */
export async function driveRounds(lanes: number, act: (lane: number) => Promise<void>): Promise<Rounds> {
  await drive(lanes, ROUND_MS / 3, act);
  const rounds: (readonly number[])[] = [];
  for (let i = 0; i < ROUNDS; i += 1) rounds.push(await drive(lanes, ROUND_MS, act));
  return rounds;
}

async function drive(lanes: number, ms: number, act: (lane: number) => Promise<void>): Promise<readonly number[]> {
  const times: number[] = [];
  const end = performance.now() + ms;
  const run = async (_: unknown, lane: number): Promise<void> => {
    for (let began = performance.now(); began < end; began = performance.now()) {
      await act(lane);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: lanes }, run));
  return times;
}
