/** Tries the golden routes of a roster. Used by `agents check`, and by the roof before a roster is put on call. */
import type { Roster, Router } from "#core";

export type Miss = {
  readonly agent: string;
  readonly input: string;
  readonly expected: string;
  /** The agent that got it, or what happened instead. */
  readonly got: string;
};

export async function tryGoldenRoutes(
  roster: Roster,
  router: Router,
  signal: AbortSignal,
): Promise<{ readonly tried: number; readonly failed: readonly Miss[] }> {
  const golden = roster.all().flatMap((agent) => agent.golden.map((example) => ({ agent: agent.id, ...example })));
  const failed: Miss[] = [];
  for (const { agent, input, route: expected } of golden) {
    const ask = {
      words: input,
      person: { role: "owner" },
      origin: "owner",
      pinned: null,
      last: null,
      history: [],
    } as const;
    const { to } = await router.route(ask, signal);
    const got = to.kind === "agent" ? to.agent : to.kind;
    if (got !== expected) failed.push({ agent, input, expected, got });
  }
  return { tried: golden.length, failed };
}
