/** An OpenAI-compatible server whose answers come on cue: the model of a Nova process that must be caught in the middle. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { says } from "./model.ts";

/** A call that waits for its answer. */
export interface Asked {
  /** The newest words of the person. */
  readonly words: string;
  /** All that the model is shown: instructions, what is recalled, what was said before. */
  readonly shown: string;
  /** Streams the beginning of an answer, and leaves the rest open. */
  begin(text: string): void;
  answer(text: string): void;
  /** The whole answer, as it is: no reply in Nova's form is made of it. */
  reply(content: string): void;
  /** Refuses with this status. */
  refuse(status: number): void;
  /** True when whoever asked has hung up. */
  gone(): boolean;
}

export interface Provider {
  /** What a Nova process needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Every call so far, oldest first. */
  readonly asked: readonly Asked[];
  /** Does this with every call, those that wait and those to come. */
  each(act: (call: Asked) => void): void;
  /** From now on every call is answered by this, so much later. */
  answerAll(text: (words: string) => string, afterMs: number): void;
  close(): void;
}

export async function startProvider(): Promise<Provider> {
  const asked: Asked[] = [];
  let automatic: ((call: Asked) => void) | undefined;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const call = createAsked(body, response);
      asked.push(call);
      automatic?.(call);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const each = (act: (call: Asked) => void): void => {
    automatic = act;
    for (const call of asked) act(call);
  };
  return {
    env: { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, NOVA_MODEL: "cued", NOVA_ROUTER_MODEL: "off" },
    asked,
    each,
    answerAll: (text, afterMs) => each((call) => void setTimeout(() => call.answer(text(call.words)), afterMs)),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const THINKING_MS = 3_000;

function createAsked(body: string, response: ServerResponse): Asked {
  let sent = "";
  let gone = false;
  response.on("close", () => (gone = !response.writableEnded));
  const line = (choice: object): string => {
    const chunk = { id: "c1", object: "chat.completion.chunk", created: 1, model: "cued" };
    return `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, ...choice }] })}\n\n`;
  };
  const stream = (content: string): void => {
    if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(line({ delta: { role: "assistant", content }, finish_reason: null }));
  };
  // A model that says nothing for long is given up; blanks before an answer say that it thinks.
  const thinking = setInterval(() => stream(" "), THINKING_MS);
  response.on("close", () => clearInterval(thinking));
  const write = (content: string): void => {
    clearInterval(thinking);
    stream(content);
    sent += content;
  };
  const end = (content: string): void => {
    if (gone || response.writableEnded) return;
    write(content);
    response.write(line({ delta: {}, finish_reason: "stop" }));
    response.end("data: [DONE]\n\n");
  };
  return {
    words: wordsIn(body),
    shown: body,
    begin: (text) => write(says(text).slice(0, -2)),
    answer: (text) => end(says(text).slice(sent.length)),
    reply: (content) => end(content),
    refuse(status) {
      if (gone || response.headersSent) return;
      clearInterval(thinking);
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify({ error: { message: "no" } }));
    },
    gone: () => gone,
  };
}

function wordsIn(body: string): string {
  const { messages }: { messages: { role: string; content: unknown }[] } = JSON.parse(body);
  return JSON.stringify(messages.findLast(({ role }) => role === "user")?.content ?? "");
}
