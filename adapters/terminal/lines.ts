/** A response of JSON lines: `{"event":…}` as things happen, then one `{"result":…}` or `{"error":…}`. */
import { novaErrorIn, sentenceFor } from "#core";

type Work = (emit: (event: unknown) => void) => Promise<unknown>;

/** Empty lines between events keep the connection from being taken for dead. */
const ALIVE_MS = 15_000;

/** `onGone` is called once when the reader leaves; `onFailure` learns of errors that are not meant for people. */
export function streamLines(work: Work, onGone: () => void, onFailure: (error: unknown) => void): Response {
  const encoder = new TextEncoder();
  let gone = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const write = (text: string): void => {
        if (!gone) controller.enqueue(encoder.encode(text));
      };
      const line = (value: unknown): void => write(`${JSON.stringify(value)}\n`);
      const alive = setInterval(() => write("\n"), ALIVE_MS);
      try {
        line({ result: await work((event) => line({ event })) });
      } catch (error) {
        if (!novaErrorIn(error)) onFailure(error);
        line({ error: errorLine(error) });
      }
      clearInterval(alive);
      if (!gone) controller.close();
    },
    cancel() {
      gone = true;
      onGone();
    },
  });
  return new Response(body, { headers: { "content-type": "application/x-ndjson; charset=utf-8" } });
}

function errorLine(error: unknown): { code: string; message: string; advice: string } {
  const known = novaErrorIn(error);
  return known
    ? { code: known.code, message: known.message, advice: known.advice }
    : { code: "internal", message: sentenceFor(error), advice: "" };
}
