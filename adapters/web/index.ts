/** The web chat: one page, one conversation per person, the same in every tab. Found by src/plugins. */
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { answerJson, createAdmission, defineAdapter, type AdapterHost, type AdapterRoute } from "#core";
import { createFeed } from "./feed.ts";
import { answerAsset, answerPage, readAssets, readChatPage, signInPage } from "./pages.ts";
import { addressOf, parse, PLATFORM } from "./parse.ts";
import { press } from "./press.ts";
import { receive, type ReceiveDeps } from "./receive.ts";
import { render } from "./render.ts";
import { send } from "./send.ts";
import { createSignIn } from "./sign-in.ts";
import { cursorOf, openStream } from "./stream.ts";
import { verifySession } from "./verify.ts";
import { createWorking } from "./working.ts";

const HEARTBEAT_MS = 15_000;
const FAREWELL_MS = 100;
/** Room for the longest message in any script and escaped as JSON. */
const MAX_MESSAGE_BYTES = 640_000;
const MAX_FORM_BYTES = 2_000;
/** Room for the five fields of a form, in any script and escaped. */
const MAX_FILLED_BYTES = 640_000;

const ID = "7d3f6c0e-52b8-4c3e-9a41-0b6f2d8e9c11";

export default defineAdapter({
  platform: PLATFORM,
  settings: z.object({}),
  caps: { maxText: Infinity, idempotentSend: true, buttons: true },
  unasked: { at: addressOf },
  parse,
  render,
  examples: {
    accepted: [
      { id: ID, text: "hello" },
      { id: ID, text: "👋" },
      { id: ID, text: "/why" },
    ],
    ignored: [null, "hello", [], {}, { id: ID, text: "  " }, { id: ID, text: 7 }, { id: "1", text: "hello" }],
  },
  create: (_settings, host) => {
    const feed = createFeed({ heartbeatMs: HEARTBEAT_MS, log: host.log });
    const working = createWorking({ progress: host.progress, feed, names: host });
    const isSecure = (): boolean => host.publicUrl().startsWith("https:");
    const signIn = createSignIn(host, isSecure, (token) => feed.closeSession(token));
    const admission = createAdmission(host.clock);
    const receiving: ReceiveDeps = { host, feed, onAccept: (stored) => admission.note(stored) };

    return {
      routes: [
        ...pageRoutes(host),
        route("GET", "/login", 0, (request) => signIn.follow(request)),
        route("POST", "/login", MAX_FORM_BYTES, (request) => signIn.submit(request)),
        route("POST", "/logout", MAX_FORM_BYTES, (request) => signIn.leave(request)),
        route("POST", "/chat/messages", MAX_MESSAGE_BYTES, (request) => receive(request, receiving)),
        route("POST", "/chat/stop", MAX_FORM_BYTES, (request) => receive(request, receiving, "/stop")),
        route("POST", "/chat/press", MAX_FILLED_BYTES, (request) => press(request, { host, feed })),
        route("GET", "/chat/events", 0, async (request) => {
          const session = await verifySession(request, host);
          return session instanceof Response
            ? session
            : openStream(session, cursorOf(request), { host, feed, working });
        }),
        route("GET", "/chat/session", 0, async (request) => {
          const session = await verifySession(request, host);
          return session instanceof Response ? session : answerJson({ name: session.person.name });
        }),
      ],
      send: async (part) => send(part, feed, host),
      health: () => ({
        transport: { ok: true, detail: `${feed.count()} open tabs` },
        admission: admission.health(),
        auth: { ok: true, detail: "sessions are read from the database" },
      }),
      async stop() {
        working.stop();
        const open = feed.count();
        feed.stop();
        // The server cuts event streams at once, and the last word must be out by then.
        if (open > 0) await pause(FAREWELL_MS);
      },
    };
  },
});

function pageRoutes(host: Pick<AdapterHost, "people" | "clock">): readonly AdapterRoute[] {
  const chatPage = readChatPage();
  return [
    route("GET", "/", 0, async (request) => {
      const session = await verifySession(request, host);
      return answerPage(session instanceof Response ? await signInPage({}) : chatPage);
    }),
    ...readAssets().map((asset) => route("GET", asset.path, 0, async (request) => answerAsset(asset, request))),
  ];
}

function route(
  method: "GET" | "POST",
  path: string,
  maxBytes: number,
  handle: (request: Request) => Promise<Response>,
): AdapterRoute {
  return { surface: "public", method, path, maxBytes, handle };
}
