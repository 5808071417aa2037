/** A real browser for the tests that need one, and whether there is one on this machine. */
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const EXECUTABLE = process.env["NOVA_TEST_BROWSER"] ?? "/usr/bin/chromium";

/** False where no browser is installed: such tests are skipped. */
export const hasBrowser = existsSync(EXECUTABLE);

/** The caller closes it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, headless: true, args: ["--no-sandbox"] });
}
