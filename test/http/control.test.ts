/** The operator's door: who may enter, what a verb answers, and what happens when the caller leaves. */
import { afterEach, expect, test, vi } from "vitest";
import { NovaError, type AdapterRoute } from "#core";
import { createControl, type Control, type ControlVerb } from "../../src/http/control.ts";
import { silentLog } from "../support/log.ts";

const TOKEN = "a-token-of-the-run-file";
const open: Control[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((control) => control.stop()));
});

function control(verbs: readonly ControlVerb[] = [], routes: readonly AdapterRoute[] = []): Control {
  const made = createControl({ token: TOKEN, version: "1.2.3", verbs, routes, log: silentLog });
  open.push(made);
  return made;
}

async function listening(verbs: readonly ControlVerb[] = [], routes: readonly AdapterRoute[] = []): Promise<string> {
  const { port } = await control(verbs, routes).listen();
  return `http://127.0.0.1:${port}`;
}

const bearer = { authorization: `Bearer ${TOKEN}` };
const post = (url: string, body?: unknown): Request =>
  new Request(url, { method: "POST", headers: bearer, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const lines = async (answer: Response): Promise<unknown[]> =>
  (await answer.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

const count: ControlVerb = {
  name: "count",
  async run(input, emit) {
    emit({ n: 1 });
    emit({ n: 2, text: "line\nbreak" });
    return { input };
  },
};

test("a verb answers its events and then its result, one JSON a line", async () => {
  const answer = await fetch(post(`${await listening([count])}/control/count`, { words: "hi" }));
  expect(answer.headers.get("content-type")).toContain("application/x-ndjson");
  expect(await lines(answer)).toEqual([
    { event: { n: 1 } },
    { event: { n: 2, text: "line\nbreak" } },
    { result: { input: { words: "hi" } } },
  ]);
});

test("in process the same verb needs no token and no socket", async () => {
  const answer = await control([count]).fetch(new Request("http://nova/control/count", { method: "POST" }));
  expect((await lines(answer)).at(-1)).toEqual({ result: { input: {} } });
});

test.each([
  ["no token", {}],
  ["a wrong token", { authorization: "Bearer a-token-of-the-run-filE" }],
  ["a shorter token", { authorization: "Bearer a" }],
  ["another scheme", { authorization: `Basic ${TOKEN}` }],
])("on the port, %s is refused", async (_name, headers) => {
  const run = vi.fn<ControlVerb["run"]>();
  const url = await listening([{ name: "count", run }]);
  const answer = await fetch(`${url}/control/count`, { method: "POST", headers });
  expect(answer.status).toBe(401);
  expect(run).not.toHaveBeenCalled();
});

test("a browser is refused even with the token", async () => {
  const url = await listening([count]);
  const answer = await fetch(`${url}/control/count`, {
    method: "POST",
    headers: { ...bearer, origin: "http://evil.example" },
  });
  expect(answer.status).toBe(403);
});

test("it says that it is Nova, so that a stranger on a reused port is not taken for it", async () => {
  const url = await listening();
  expect(await (await fetch(`${url}/control`, { headers: bearer })).json()).toEqual({ nova: "1.2.3" });
  expect((await fetch(`${url}/control`)).status).toBe(401);
});

test("an unknown verb is 404 and names the ones there are", async () => {
  const answer = await fetch(post(`${await listening([count, { ...count, name: "ask" }])}/control/nope`));
  expect(answer.status).toBe(404);
  expect(await answer.json()).toEqual({
    error: { code: "not_found", message: 'There is no verb "nope".', advice: "There are: ask, count." },
  });
});

test("input that is not JSON is 400", async () => {
  const url = await listening([count]);
  const answer = await fetch(`${url}/control/count`, { method: "POST", headers: bearer, body: "{" });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { message: "The verb's input is not valid JSON." } });
});

test("input that is not UTF-8 is 400 and reaches no verb", async () => {
  const run = vi.fn<ControlVerb["run"]>();
  const url = await listening([{ name: "count", run }]);
  const body = Buffer.from('{"text":"caf\u00e9"}', "latin1");
  const answer = await fetch(`${url}/control/count`, { method: "POST", headers: bearer, body });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("not UTF-8");
  expect(run).not.toHaveBeenCalled();
});

test("a known failure is the last line, with code and advice; an unknown one says nothing of itself", async () => {
  const known: ControlVerb = {
    name: "known",
    async run(_input, emit) {
      emit("half");
      throw new NovaError("not_found", "There is no turn 7.", { advice: "`nova trace` lists them." });
    },
  };
  const unknown: ControlVerb = { name: "unknown", run: () => Promise.reject(new Error("hunter2")) };
  const url = await listening([known, unknown]);
  expect(await lines(await fetch(post(`${url}/control/known`)))).toEqual([
    { event: "half" },
    { error: { code: "not_found", message: "There is no turn 7.", advice: "`nova trace` lists them." } },
  ]);
  const text = await (await fetch(post(`${url}/control/unknown`))).text();
  expect(JSON.parse(text)).toMatchObject({ error: { code: "internal" } });
  expect(text).not.toContain("hunter2");
});

test("a verb without a result answers null, and one whose result is no JSON an error", async () => {
  const url = await listening([
    { name: "nothing", run: async () => undefined },
    { name: "strange", run: async () => 1n },
  ]);
  expect(await lines(await fetch(post(`${url}/control/nothing`)))).toEqual([{ result: null }]);
  expect(await lines(await fetch(post(`${url}/control/strange`)))).toMatchObject([{ error: { code: "internal" } }]);
});

const endless = (): { verb: ControlVerb; aborted: Promise<void> } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const verb: ControlVerb = {
    name: "watch",
    async run(_input, emit, signal) {
      emit("started");
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          resolve();
          emit("too late");
          reject(new Error("aborted"));
        });
      });
    },
  };
  return { verb, aborted: promise };
};

test("when the caller hangs up, the verb's signal aborts", async () => {
  const { verb, aborted } = endless();
  const url = await listening([verb]);
  const gone = new AbortController();
  const answer = await fetch(new Request(post(`${url}/control/watch`), { signal: gone.signal }));
  await answer.body?.getReader().read();
  gone.abort();
  await expect(aborted).resolves.toBeUndefined();
});

test("in process, leaving the answer unread aborts the verb, and so does the request's own signal", async () => {
  const first = endless();
  const answer = await control([first.verb]).fetch(new Request("http://nova/control/watch", { method: "POST" }));
  await answer.body?.cancel();
  await expect(first.aborted).resolves.toBeUndefined();

  const second = endless();
  const gone = new AbortController();
  const request = new Request("http://nova/control/watch", { method: "POST", signal: gone.signal });
  const other = await control([second.verb]).fetch(request);
  gone.abort();
  await expect(second.aborted).resolves.toBeUndefined();
  await other.body?.cancel();
});

test("events are sent while the verb still runs", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow: ControlVerb = {
    name: "slow",
    async run(_input, emit) {
      emit("early");
      await promise;
      return "done";
    },
  };
  const answer = await fetch(post(`${await listening([slow])}/control/slow`));
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('{"event":"early"}\n');
  resolve();
  expect((await reader?.read())?.value).toBe('{"result":"done"}\n');
});

test("channels' control routes are behind the same token, their public ones are not here", async () => {
  const route = (surface: "public" | "control", path: string): AdapterRoute => ({
    surface,
    path,
    method: "POST",
    maxBytes: 10,
    handle: async (request, params) => Response.json({ ...params, text: await request.text() }),
  });
  const url = await listening([], [route("control", "/terminal/:person"), route("public", "/open")]);
  expect((await fetch(`${url}/terminal/anna`, { method: "POST" })).status).toBe(401);
  const answer = await fetch(`${url}/terminal/anna`, { method: "POST", headers: bearer, body: "hello" });
  expect(await answer.json()).toEqual({ person: "anna", text: "hello" });
  const large = await fetch(`${url}/terminal/anna`, { method: "POST", headers: bearer, body: "x".repeat(11) });
  expect(large.status).toBe(413);
  expect((await fetch(`${url}/open`, { method: "POST", headers: bearer })).status).toBe(404);
});
