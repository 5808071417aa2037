/** The SDK's log lines in Nova's log: that something was said and how loudly, never its words, which may hold a body. */
import type { LogLevel } from "@slack/bolt";
import type { Log } from "#core";

/** The SDK's logger, as its packages share it. */
export type SdkLogger = {
  debug(...words: readonly unknown[]): void;
  info(...words: readonly unknown[]): void;
  warn(...words: readonly unknown[]): void;
  error(...words: readonly unknown[]): void;
  setLevel(level: LogLevel): void;
  getLevel(): LogLevel;
  setName(name: string): void;
};

/** `part` names the piece of the SDK. `level` is the SDK's word for warnings. */
export function sdkLog(log: Log, part: string, level: LogLevel): SdkLogger {
  return {
    debug() {},
    info() {},
    warn: (...words) => log.debug("slack.sdk_warned", { part, about: aboutOf(words) }),
    error: (...words) => log.debug("slack.sdk_failed", { part, about: aboutOf(words) }),
    setLevel() {},
    getLevel: () => level,
    setName() {},
  };
}

/** The first letters up to where values begin. */
function aboutOf([first]: readonly unknown[]): string {
  if (first instanceof Error) return first.name;
  return typeof first === "string" ? (/^[A-Za-z' ]{0,60}/.exec(first)?.[0] ?? "").trim() : typeof first;
}
