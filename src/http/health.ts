/** Alive and ready. The roof hands in what ready means; src/http/server.ts asks on every GET /readyz. */
import { sentenceFor, type Adapter, type Health } from "#core";

export type ReadinessCheck = {
  /** What is named when it is not ready, for instance `database` or `web.admission`. */
  readonly name: string;
  /** May throw and may hang: both count as not ready. */
  readonly check: () => Promise<Health> | Health;
  /** True for what Nova works without, such as the line to a platform: told, and no reason to send people elsewhere. */
  readonly dispensable?: boolean;
};

export type Readiness = {
  readonly ready: boolean;
  readonly notReady: readonly string[];
  /** Not well either, and dispensable. */
  readonly degraded: readonly string[];
  readonly checks: Checks;
};
type Checks = Readonly<Record<string, Health>>;

/** Asks all at once; one that says nothing within `patienceMs` is not ready. Never throws. */
export async function readiness(checks: readonly ReadinessCheck[], patienceMs: number): Promise<Readiness> {
  const answers = await Promise.all(
    checks.map(async ({ name, check, dispensable = false }) => ({
      name,
      dispensable,
      health: await within(check, patienceMs),
    })),
  );
  const unwell = answers.filter(({ health }) => !health.ok);
  const notReady = unwell.filter(({ dispensable }) => !dispensable).map(({ name }) => name);
  return {
    ready: notReady.length === 0,
    notReady,
    degraded: unwell.filter(({ dispensable }) => dispensable).map(({ name }) => name),
    checks: Object.fromEntries(answers.map(({ name, health }) => [name, health])),
  };
}

/**
 * The three facts of a channel as three checks. When a platform is away or refuses its token, the other channels go on:
 * of a channel that connects out only storing is indispensable.
 */
export function adapterChecks(
  platform: string,
  channel: Pick<Adapter, "health">,
  connectsOut = false,
): readonly ReadinessCheck[] {
  return (["transport", "admission", "auth"] as const).map((fact) => ({
    name: `${platform}.${fact}`,
    check: () => channel.health()[fact],
    dispensable: connectsOut && fact !== "admission",
  }));
}

async function within(check: ReadinessCheck["check"], patienceMs: number): Promise<Health> {
  const patience = Promise.withResolvers<Health>();
  const timer = setTimeout(() => patience.resolve({ ok: false, detail: `no answer in ${patienceMs} ms` }), patienceMs);
  try {
    return await Promise.race([Promise.resolve().then(check), patience.promise]);
  } catch (error) {
    // A check that throws is an answer too: not ready.
    return { ok: false, detail: sentenceFor(error) };
  } finally {
    clearTimeout(timer);
  }
}
