/** A model that answers at once or after a while: an OpenAI-compatible server in a process of its own, not in Nova's. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const ANSWER = JSON.stringify({ kind: "answer", text: "Water them early in the morning." });

export interface Stub {
  /** Ends in /v1. */
  readonly url: string;
  close(): void;
}

export async function startStub({ afterMs = 0 }: { readonly afterMs?: number } = {}): Promise<Stub> {
  const child = fork(import.meta.filename, [String(afterMs)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [port]: unknown[] = await once(child, "message");
  return { url: `http://127.0.0.1:${String(port)}/v1`, close: () => void child.kill() };
}

function serve(afterMs: number): void {
  const whole = JSON.stringify({
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "stub",
    choices: [{ index: 0, message: { role: "assistant", content: ANSWER }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
  });
  const chunk = (fields: object): string =>
    `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "stub", ...fields })}\n\n`;
  const streamed = [
    chunk({ choices: [{ index: 0, delta: { role: "assistant", content: ANSWER }, finish_reason: null }] }),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
    chunk({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 } }),
    "data: [DONE]\n\n",
  ].join("");
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      const isStream = body.includes('"stream":true');
      const answer = (): void => {
        response.writeHead(200, { "content-type": isStream ? "text/event-stream" : "application/json" });
        response.end(isStream ? streamed : whole);
      };
      if (afterMs > 0) setTimeout(answer, afterMs);
      else answer();
    });
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("disconnect", () => process.exit());
}

const [, script, afterMs] = process.argv;
if (script === import.meta.filename) serve(Number(afterMs));
