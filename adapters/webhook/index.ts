/** Signed posts of other programs, and the address where they fetch the replies. Found by src/plugins. */
import { z } from "zod";
import { createAdmission, defineAdapter } from "#core";
import { callAgent } from "./call.ts";
import { createGuard } from "./guard.ts";
import { answerState } from "./messages.ts";
import { parse } from "./parse.ts";
import { PLATFORM } from "./platform.ts";
import { receive } from "./receive.ts";
import { render } from "./render.ts";
import { send } from "./send.ts";
import { createTally } from "./tally.ts";

const MAX_POST_BYTES = 2 * 1024 * 1024;

const ENDPOINT = { scope: "deploys.1", origin: "outside", agent: null, project: null };
const POST = { endpoint: ENDPOINT, preset: "standard", id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", event: null };
const GITHUB = { ...POST, preset: "github", id: "72d3162e-cc78-11e3-81ab-4c9367dc0958" };

export default defineAdapter({
  platform: PLATFORM,
  settings: z.object({}),
  caps: { maxText: Infinity, idempotentSend: true, buttons: false },
  unasked: "never",
  parse,
  render,
  examples: {
    accepted: [
      { ...POST, body: { text: "hello" } },
      { ...POST, body: { text: "👋", conversation: "greetings" } },
      { ...POST, body: { type: "contact.created", data: { text: "Ada is new here." } } },
      {
        ...POST,
        body: { type: "invoice.paid", timestamp: "2026-11-20T10:00:00Z", data: { id: "1f81eb52", total: 7 } },
      },
      { ...POST, endpoint: { ...ENDPOINT, origin: "person", agent: "chat", project: "7" }, body: { text: "/why" } },
      { ...GITHUB, event: "ping", body: { zen: "Keep it logically awesome.", hook_id: 1 } },
      { ...GITHUB, event: "watch", body: { action: "started", repository: { full_name: "octo/hello" } } },
    ],
    ignored: [
      null,
      "hello",
      [],
      {},
      { ...POST },
      { ...POST, body: [] },
      { ...POST, body: 7 },
      { ...POST, body: {} },
      { ...POST, body: { text: "  " } },
      { ...POST, body: { text: 7 } },
      { ...POST, body: { text: "hello", conversation: "" } },
      { ...POST, endpoint: { ...ENDPOINT, origin: "person" }, body: { text: "/link ABCD-EFGH" } },
      { ...POST, id: "", body: { text: "hello" } },
      { ...GITHUB, event: "push", body: [] },
    ],
  },
  create(_settings, host) {
    const guard = createGuard(host.clock);
    const admission = createAdmission(host.clock);
    const tally = createTally();
    const closing = new AbortController();
    return {
      routes: [
        {
          surface: "public",
          method: "POST",
          path: "/hooks/:endpoint",
          maxBytes: MAX_POST_BYTES,
          handle: (request, { endpoint = "" }) => receive(request, endpoint, { host, guard, tally, admission }),
        },
        {
          surface: "public",
          method: "GET",
          path: "/api/messages/:id",
          maxBytes: 0,
          handle: (request, { id = "" }) => answerState(request, id, { host, guard, closing: closing.signal }),
        },
        {
          surface: "public",
          method: "POST",
          path: "/api/agents/:id",
          maxBytes: MAX_POST_BYTES,
          handle: (request, { id = "" }) => callAgent(request, id, { host, guard, admission, closing: closing.signal }),
        },
      ],
      send: async (part) => send(part),
      health: () => ({
        transport: { ok: true, detail: "served with the public port" },
        admission: admission.health(),
        auth: { ok: true, detail: tally.words() },
      }),
      async stop() {
        closing.abort();
      },
    };
  },
});
