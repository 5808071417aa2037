/** A log that keeps nothing. */
import type { Log } from "#core";

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
