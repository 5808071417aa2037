/**
 * Waits for a state take as long as a slow machine needs: twenty seconds, where Vitest gives up after one. A set-up file
 * of test/vitest.config.ts; a test that needs longer says so itself.
 */
import { vi } from "vitest";

const { waitFor } = vi;
vi.waitFor = (state, options = {}) =>
  waitFor(state, typeof options === "number" ? options : { timeout: 20_000, ...options });
