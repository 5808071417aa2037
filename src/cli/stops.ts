/** Signals as one AbortSignal: the first asks to stop, a later one does not wait any longer. Used by cli.ts. */

export interface Stops {
  readonly signal: AbortSignal;
  /** Lets the process end by itself. */
  ignore(): void;
}

type Source = Pick<NodeJS.Process, "on" | "off">;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm passes Ctrl-C on to a process that has it from the terminal already: so close together they are one. */
const ECHO_MS = 800;

export function createStops(source: Source, onInsist: () => void): Stops {
  const controller = new AbortController();
  let first: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      controller.abort();
    } else if (now - first > ECHO_MS) onInsist();
  };
  for (const signal of SIGNALS) source.on(signal, onSignal);
  return {
    signal: controller.signal,
    ignore() {
      for (const signal of SIGNALS) source.off(signal, onSignal);
    },
  };
}
