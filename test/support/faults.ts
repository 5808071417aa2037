/**
 * An OpenAI-compatible server that fails as it is told to: each way in which a provider fails, by the words of a message.
 * `node test/support/faults.ts [port]` starts it by hand, to look at each failure in the chat page.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { says } from "./model.ts";

/** One request, and what a fault does with it. */
type Call = {
  readonly response: ServerResponse;
  readonly options: FaultOptions;
  /** Streams a whole, sound answer. */
  readonly answer: () => void;
};

export type FaultOptions = {
  /** What a provider that asks for a pause asks for, in milliseconds. */
  readonly pauseMs: number;
  /** How long a model thinks that answers in the end. */
  readonly thinkMs: number;
};

/** A message "fault: 500" meets the fault of that name. */
const FAULTS = {
  none: ({ answer }) => answer(),
  "429-pause": (call) => refuse(call, 429, "rate_limit_exceeded", { "retry-after-ms": String(call.options.pauseMs) }),
  "429-seconds": (call) => refuse(call, 429, "rate_limit_exceeded", { "retry-after": "600" }),
  "429": (call) => refuse(call, 429, "rate_limit_exceeded"),
  "429-quota": (call) => refuse(call, 429, "insufficient_quota"),
  "401": (call) => refuse(call, 401, "invalid_api_key"),
  "403": (call) => refuse(call, 403, "forbidden"),
  "404": (call) => refuse(call, 404, "model_not_found"),
  "400": (call) => refuse(call, 400, "invalid_request"),
  "400-context": (call) => refuse(call, 400, "context_length_exceeded"),
  "500": (call) => refuse(call, 500, "server_error"),
  "502-html": ({ response }) => response.writeHead(502, { "content-type": "text/html" }).end(PAGE),
  reset: ({ response }) => void response.socket?.resetAndDestroy(),
  html: ({ response }) => response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE),
  "malformed-json": ({ response }) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"choices":['),
  "malformed-stream": ({ response }) => begin(response).end(`data: {"choices": [{"delta": ${SECRET}\n\n`),
  "error-in-stream": ({ response }) => begin(response).end(event({ error: { message: SECRET, code: "server_error" } })),
  "empty-stream": ({ response }) => begin(response).end("data: [DONE]\n\n"),
  truncated: ({ response }) => end(response, [HALF], "length"),
  "cut-early": ({ response }) => cutAfter(response, '{"kind":"ans'),
  cut: ({ response }) => cutAfter(response, HALF),
  "ended-early": ({ response }) => begin(response).end(chunk({ delta: { content: '{"kind":"ans' } })),
  stall: ({ response }) =>
    void begin(response).write(chunk({ delta: { content: HALF } }) + chunk({ delta: { content: " so" } })),
  "stall-early": ({ response }) =>
    void begin(response).write(chunk({ delta: { content: "{" } }) + chunk({ delta: { content: '"kind' } })),
  silence: () => {},
  slow: ({ answer, options }) => void setTimeout(answer, options.thinkMs),
  empty: ({ response }) => end(response, [""], "stop"),
  refusal: ({ response }) =>
    begin(response).end(
      chunk({ delta: { role: "assistant", content: "", refusal: SECRET } }) +
        chunk({ delta: {}, finish_reason: "stop" }) +
        DONE,
    ),
  filter: ({ response }) => end(response, [HALF], "content_filter"),
  prose: ({ response }) => end(response, ["Sure! Here you go."], "stop"),
} satisfies Readonly<Record<string, (call: Call) => void>>;

export type Fault = keyof typeof FAULTS;

/** Stands in every body of a failure: what must never be seen anywhere. */
export const SECRET = "secret detail of the provider";
const PAGE = `<!doctype html><title>${SECRET}</title>`;
const HALF = says("The first half of an answer").slice(0, -2);
const USAGE = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
const DONE = "data: [DONE]\n\n";

export interface Faults {
  /** What `OPENAI_BASE_URL` has to be. */
  readonly url: string;
  /** The models that were asked, in order. */
  readonly asked: readonly string[];
  /** How often whoever asked hung up before the answer had ended. */
  hungUp(): number;
  close(): Promise<void>;
}

/**
 * "fault: 500" fails at each request, "fault: 500 once" at the first one of these words, and "fault: 500 for big" only when
 * the model `big` is asked. Everything else is answered.
 */
export async function startFaults(options: Partial<FaultOptions> & { readonly port?: number } = {}): Promise<Faults> {
  const asked: string[] = [];
  const met = new Set<string>();
  let hungUp = 0;
  const server = createServer((request, response) => {
    response.on("close", () => (hungUp += response.writableEnded ? 0 : 1));
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      if (request.method === "GET" && request.url === "/v1/models") return list(response);
      const read = readBody(body);
      if (!read) return reject(response, 400, "invalid_request");
      const { model, words } = read;
      asked.push(model);
      const [, name = "none", once, whose] = /fault: ([\w-]+)( once)?(?: for (\S+))?/.exec(words) ?? [];
      const over = (once && met.has(words)) || (whose && whose !== model) || !Object.hasOwn(FAULTS, name);
      met.add(words);
      const answer = () => end(response, pieces(says(`This is ${model}, and all is well.`)), "stop");
      FAULTS[over ? "none" : (name as Fault)]({ response, answer, options: { pauseMs: 30, thinkMs: 50, ...options } });
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    hungUp: () => hungUp,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const MODELS = ["big", "small", "gpt-5", "gpt-5-mini", "gpt-5-nano"];

/** Faults are for questions: who asks what there is, as `nova doctor` does, is always told. */
function list(response: ServerResponse): void {
  const data = MODELS.map((id) => ({ id, object: "model", created: 1, owned_by: "faults" }));
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ object: "list", data }));
}

const refuse = ({ response }: Call, status: number, code: string, headers?: Record<string, string>): void =>
  reject(response, status, code, headers);

function reject(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: { message: SECRET, type: code, code } }));
}

function begin(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { "content-type": "text/event-stream" });
}

function end(response: ServerResponse, texts: readonly string[], finish_reason: string): void {
  begin(response);
  for (const content of texts) response.write(chunk({ delta: { role: "assistant", content } }));
  response.write(chunk({ delta: {}, finish_reason }));
  response.end(event({ ...CHUNK, choices: [], usage: USAGE }) + DONE);
}

/** The piece goes out before the line breaks. */
function cutAfter(response: ServerResponse, content: string): void {
  begin(response).write(chunk({ delta: { content } }), () => setTimeout(() => response.destroy(), 20));
}

const CHUNK = { id: "c1", object: "chat.completion.chunk", created: 1, model: "faulty" };
const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
const chunk = (choice: object): string => event({ ...CHUNK, choices: [{ index: 0, finish_reason: null, ...choice }] });
const pieces = (text: string): string[] => text.match(/[\s\S]{1,8}/g) ?? [];

const question = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
});

/** The newest words of a person; what Nova adds in its own name is none. Undefined for what is no question to a model. */
function readBody(body: string): { readonly model: string; readonly words: string } | undefined {
  const parsed = question.safeParse(parse(body));
  if (!parsed.success) return undefined;
  const { model, messages } = parsed.data;
  const said = messages.flatMap(({ role, content }) =>
    role === "user" && typeof content === "string" ? [content] : [],
  );
  return { model, words: said.findLast((text) => !text.startsWith("(From Nova")) ?? "" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Anybody may send anything.
    return undefined;
  }
}

if (import.meta.main) {
  const { url } = await startFaults({ port: Number(process.argv[2] ?? 0), pauseMs: 8_000, thinkMs: 12_000 });
  const lines = [
    `OPENAI_BASE_URL=${url} NOVA_MODEL=gpt-5-mini NOVA_MODEL_FAST=gpt-5-nano NOVA_MODEL_DEEP=gpt-5`,
    `Say "@concierge fault: <name>", "… <name> once" or "… <name> for <model>", where <name> is one of`,
    Object.keys(FAULTS).join(", "),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
