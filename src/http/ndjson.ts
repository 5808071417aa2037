/** A run as lines of JSON: events as they come, then one result or one error. Used by control.ts. */

/** What a run may do: `emit` adds a line; `signal` aborts when the reader goes away. */
export type Run = (emit: (event: unknown) => void, signal: AbortSignal) => Promise<unknown>;

/** Starts the run at once and streams it. Never fails: `onError` turns a throw into the last line. */
export function streamRun(run: Run, reader: AbortSignal, onError: (error: unknown) => unknown): Response {
  const gone = new AbortController();
  const signal = AbortSignal.any([reader, gone.signal]);
  const encoder = new TextEncoder();

  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const line = (value: unknown): void => {
        const text = `${JSON.stringify(value)}\n`;
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(text));
      };
      try {
        line({ result: (await run((event) => line({ event }), signal)) ?? null });
      } catch (error) {
        line(onError(error));
      }
      if (!gone.signal.aborted) controller.close();
    },
    cancel(reason) {
      gone.abort(reason);
    },
  });
  return new Response(body, {
    headers: { "content-type": "application/x-ndjson; charset=utf-8", "cache-control": "no-store" },
  });
}
