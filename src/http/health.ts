/** Alive and ready. The roof hands in what ready means; src/http/server.ts asks on every GET /readyz. */
import { sentenceFor, type Adapter, type Health } from "#core";

export type ReadinessCheck = {
  /** What is named when it is not ready, for instance `database` or `web.admission`. */
  readonly name: string;
  /** May throw and may hang: both count as not ready. */
  readonly check: () => Promise<Health> | Health;
};

export type Readiness = { readonly ready: boolean; readonly notReady: readonly string[]; readonly checks: Checks };
type Checks = Readonly<Record<string, Health>>;

/** Asks all at once; one that says nothing within `patienceMs` is not ready. Never throws. */
export async function readiness(checks: readonly ReadinessCheck[], patienceMs: number): Promise<Readiness> {
  const answers = await Promise.all(
    checks.map(async ({ name, check }): Promise<[string, Health]> => [name, await within(check, patienceMs)]),
  );
  const notReady = answers.filter(([, health]) => !health.ok).map(([name]) => name);
  return { ready: notReady.length === 0, notReady, checks: Object.fromEntries(answers) };
}

/** The three facts of a channel as three checks. */
export function adapterChecks(platform: string, adapter: Pick<Adapter, "health">): readonly ReadinessCheck[] {
  return (["transport", "admission", "auth"] as const).map((fact) => ({
    name: `${platform}.${fact}`,
    check: () => adapter.health()[fact],
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
