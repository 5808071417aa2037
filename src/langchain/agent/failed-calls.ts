/** Which calls of a run's tools failed and were not made good since. Noted with every call, read when the answer is. */

export interface FailedCalls {
  note(call: Call): void;
  /** A call returned something: it makes good the same one, and the one directly before it that it repairs. */
  mend(call: Call): void;
  /** The names of the tools, each once. */
  names(): readonly string[];
}

/** `key`: the same for the same name and arguments. `after`: the key of the call that was made before it. */
export type Call = {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly key: string;
  readonly after: string | undefined;
};

export function createFailedCalls(): FailedCalls {
  const failed = new Map<string, Call>();
  return {
    note: (call) => void failed.set(call.key, call),
    mend(call) {
      failed.delete(call.key);
      const before = call.after === undefined ? undefined : failed.get(call.after);
      if (before && repairs(call, before)) failed.delete(before.key);
    },
    names: () => [...new Set(Array.from(failed.values(), ({ name }) => name))],
  };
}

/**
 * The same was asked, put otherwise: what both say is alike but for its form, "7" for 7, and one may say more than the other.
 * What asks for something else says nothing of what the first one would have found.
 */
function repairs(call: Call, before: Call): boolean {
  if (call.name !== before.name) return false;
  const both = Object.keys(call.args).filter((key) => key in before.args);
  return both.length > 0 && both.every((key) => plain(call.args[key]) === plain(before.args[key]));
}

const plain = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).replaceAll(/\s+/g, " ").trim().toLowerCase();
