/** What a turn's calls of models used and cost, call by call and in all. Used by trace-tree.ts. */
import { costWords, tokensInOut, type TraceEvent } from "#core";
import { counted } from "./layout.ts";

type Called = Extract<TraceEvent, { kind: "model_called" }>;

/** The offline model costs nothing, and traces from before the prices tell the sum of the tokens only. */
export function callWords({ tokens, input, output, micros }: Called): string {
  if (input === undefined || output === undefined) return counted(tokens, "token");
  const used = tokensInOut({ input, output });
  return micros === undefined
    ? used
    : `${used}, ${costWords({ micros: micros ?? 0, unpriced: micros === null ? 1 : 0, calls: 1 })}`;
}

/** Of all takes of the turn; undefined when nothing was asked that has a price, known or not. */
export function sumWords(events: readonly TraceEvent[]): string | undefined {
  const asked = events.filter((event): event is Called => event.kind === "model_called" && event.micros !== undefined);
  if (asked.length === 0) return undefined;
  const sum = (of: (event: Called) => number): number => asked.reduce((total, event) => total + of(event), 0);
  const tokens = { input: sum(({ input = 0 }) => input), output: sum(({ output = 0 }) => output) };
  const cost = costWords({
    micros: sum(({ micros }) => micros ?? 0),
    unpriced: asked.filter(({ micros }) => micros === null).length,
    calls: asked.length,
  });
  return `spent: ${cost}, for ${counted(asked.length, "request")} with ${tokensInOut(tokens)}`;
}
