/** The terminal: `nova ask` and `nova chat`, for whoever may read NOVA_HOME. Found by src/plugins. */
import { z } from "zod";
import { defineAdapter, messageId, readJson, type AdapterHost, type AdapterRoute } from "#core";
import { createDesk, type Desk } from "./desk.ts";
import { follow } from "./follow.ts";
import { history } from "./history.ts";
import { streamLines } from "./lines.ts";
import { listen } from "./listen.ts";
import { addressOf, parse, PLATFORM } from "./parse.ts";
import { receive } from "./receive.ts";
import { render } from "./render.ts";
import { checked, lookOf, lookSchema, speaker } from "./request.ts";
import { send } from "./send.ts";
import { sinceThen, type Read } from "./unasked.ts";

const ID = "5f0c1f52-7f0e-4f6b-8a0e-3f1d2c9b6a70";
/** Room for the longest message in any script and escaped as JSON. */
const MAX_MESSAGE_BYTES = 640_000;

export default defineAdapter({
  platform: PLATFORM,
  settings: z.object({}),
  caps: { maxText: Infinity, idempotentSend: true, buttons: false },
  unasked: { at: addressOf },
  parse,
  render,
  examples: {
    accepted: [
      { id: ID, text: "hello" },
      { id: ID, text: "👋" },
      { id: ID, text: "first line\nsecond line" },
      { id: ID, text: "/why", as: "Ada" },
    ],
    ignored: [null, "hello", [], {}, { id: ID, text: "  " }, { id: ID, text: 7 }, { id: "1", text: "hello" }],
  },
  create(_settings, host) {
    const desk = createDesk(host.progress);
    return {
      routes: routes(host, desk),
      send: async (part) => send(part, desk),
      health: () => ({
        transport: { ok: true, detail: `${desk.count()} waiting` },
        admission: { ok: true, detail: "the control port's" },
        auth: { ok: true, detail: "who may read NOVA_HOME may speak" },
      }),
      async stop() {
        desk.close();
      },
    };
  },
});

function routes(host: AdapterHost, desk: Desk): readonly AdapterRoute[] {
  const read: Read = new Map();
  return [
    { surface: "control", method: "POST", path: "/terminal/messages", maxBytes: MAX_MESSAGE_BYTES, handle: messages },
    { surface: "control", method: "POST", path: "/terminal/stop", maxBytes: 2_000, handle: stop },
    { surface: "control", method: "GET", path: "/terminal/history", maxBytes: 0, handle: lately },
    { surface: "control", method: "POST", path: "/terminal/news", maxBytes: 2_000, handle: news },
  ];

  async function news(request: Request): Promise<Response> {
    const asked = checked(lookSchema.extend({ after: z.string().nullable() }), await readJson(request, {}));
    const person = await speaker(host, asked.as);
    const seat = desk.join(person.id);
    const listening = { person, look: lookOf(asked), after: asked.after === null ? null : messageId(asked.after) };
    return streamLines(
      (emit) => listen(listening, seat, emit, { read, host }).finally(() => seat.leave()),
      () => seat.leave(),
      (error) => host.log.error("terminal.listen_failed", error),
    );
  }

  async function messages(request: Request): Promise<Response> {
    const body = await readJson(request, {});
    const asked = checked(lookSchema.extend({ listening: z.boolean().default(false) }), body);
    const person = await speaker(host, asked.as);
    // Seated before the message is stored, so that nothing of its turn is missed.
    const seat = desk.join(person.id);
    try {
      const since = asked.listening ? [] : await sinceThen(person, lookOf(asked), { read, host });
      const { message, duplicate } = await receive(body, person, host);
      const following = { message, person, look: lookOf(asked) };
      return streamLines(
        async (emit) => {
          if (since.length > 0) emit({ kind: "since", said: since });
          emit({ kind: "accepted", message, duplicate });
          return follow(following, seat, emit, host).finally(() => seat.leave());
        },
        () => seat.leave(),
        (error) => host.log.error("terminal.follow_failed", error, { message }),
      );
    } catch (error) {
      seat.leave();
      throw error;
    }
  }

  async function stop(request: Request): Promise<Response> {
    const body = await readJson(request, {});
    const { as, id } = checked(lookSchema.extend({ id: z.string() }), body);
    const { message } = await receive({ id, text: "/stop" }, await speaker(host, as), host);
    return Response.json({ message });
  }

  async function lately(request: Request): Promise<Response> {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const asked = checked(lookSchema.extend({ limit: z.coerce.number().int().min(1).max(100).default(20) }), query);
    const [person, look] = [await speaker(host, asked.as), lookOf(asked)];
    const since = await sinceThen(person, look, { read, host });
    const past = await history(person, asked.limit, look, host);
    return Response.json({ ...past, since });
  }
}
