/** Keeps a connection when its reader leaves early. Called by openai.ts for each streamed answer. */

/** Nothing should come after the last piece; who sends on for longer is hung up on. */
const LONGEST_REST_MS = 2_000;

/**
 * The client stops reading at the mark that ends an answer, and what ends the body comes a moment later: the connection
 * would be thrown away, and each call would shake hands anew. A call that is given up is aborted by its signal, not here.
 */
export function readToItsEnd(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void drain(reader),
    },
    { highWaterMark: 0 },
  );
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => void reader.cancel(), LONGEST_REST_MS).unref();
  try {
    while (!(await reader.read()).done);
  } catch {
    // The call was aborted or the connection broke: there is no connection to keep.
  } finally {
    clearTimeout(timer);
  }
}
