/** What an adapter's setup says, tried as `nova init` does. */
import { expect } from "vitest";
import { systemClock, type AdapterSetup, type SetupCheck, type SetupContext } from "#core";

export const setupContext = (env: SetupContext["env"], more: Partial<SetupContext> = {}): SetupContext => ({
  env,
  publicUrl: "http://127.0.0.1:3000",
  serving: false,
  mayWrite: true,
  clock: systemClock,
  owners: [],
  signal: AbortSignal.timeout(20_000),
  ...more,
});

/** All checks; none may quote a secret. */
export async function triedSetup(
  setup: AdapterSetup,
  given: SetupContext,
  secrets: readonly string[],
): Promise<readonly SetupCheck[]> {
  const checks: SetupCheck[] = [];
  for await (const check of setup.check(given)) checks.push(check);
  const told = JSON.stringify(checks);
  for (const secret of secrets) expect(told).not.toContain(secret);
  return checks;
}

export const outcomes = (checks: readonly SetupCheck[]): readonly (readonly [string, boolean])[] =>
  checks.map(({ name, ok }) => [name, ok]);
