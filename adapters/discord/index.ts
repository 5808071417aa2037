/** Discord: commands, direct messages, mentions and buttons, by the gateway or by signed posts. Found by src/plugins. */
import { createAdmission, defineAdapter, type Adapter, type AdapterHost } from "#core";
import { createCatchUp } from "./away/catch-up.ts";
import { createHttp } from "./doors/http.ts";
import { listen } from "./doors/listen.ts";
import { createPulse } from "./doors/pulse.ts";
import type { Envelope } from "./envelope.ts";
import { accepted, ignored } from "./examples.ts";
import { fetchFile } from "./fetch.ts";
import { createTakeInteraction } from "./inbound/take-interaction.ts";
import { createTakePost } from "./inbound/take-post.ts";
import { parse } from "./parse.ts";
import { PLATFORM } from "./platform.ts";
import { MAX_TEXT, render } from "./render.ts";
import { createRest } from "./rest.ts";
import { createSend } from "./send.ts";
import { createDirects } from "./sending/direct.ts";
import { createForgotten } from "./sending/forgotten.ts";
import { createLook } from "./sending/look.ts";
import { createReconcile } from "./sending/reconcile.ts";
import { createTries } from "./sending/tries.ts";
import { settings, type Settings } from "./settings.ts";
import { setup } from "./setup/setup.ts";
import { createShowing } from "./showing/showing.ts";
import { keyOf } from "./verify.ts";
import { createWorking } from "./working.ts";

/** What is being stored when Nova stops gets so long to be told what became of it. */
const FAREWELL_MS = 3_000;

export default defineAdapter<typeof settings>({
  platform: PLATFORM,
  settings,
  accounts: {
    written: /^discord:\d+$/,
    as: "discord:<user> with the long number, such as discord:80351110224678912",
  },
  caps: { maxText: MAX_TEXT, idempotentSend: false, buttons: true },
  parse,
  render,
  examples: { accepted, ignored },
  create,
  setup,
});

function create(given: Settings, host: AdapterHost): Adapter {
  const { DISCORD_TOKEN: token, DISCORD_APPLICATION_ID: application, DISCORD_API_URL: api } = given;
  const publicKey = given.DISCORD_MODE === "http" ? (given.DISCORD_PUBLIC_KEY ?? null) : null;
  const { log, clock } = host;
  const seal = host.seal(token);
  const rest = createRest({ token, api, clock });
  const directs = createDirects(rest);
  const forgotten = createForgotten();
  const tries = createTries();
  const admission = createAdmission(clock);
  const pulse = createPulse(clock);
  const closing = new AbortController();
  const showing = createShowing({ rest, forgotten, application, host });
  const working = createWorking();

  const telling = { rest, directs, application };
  const incoming = { ...telling, host, seal, admission, showing, closing: closing.signal };
  const takeInteraction = createTakeInteraction(incoming);
  const takePost = createTakePost(incoming);
  const catchUp = createCatchUp({ rest, application, host, take: takePost, closing: closing.signal });
  const sending = { ...telling, forgotten, tries, look: createLook(rest, tries), seal, host };

  const http =
    publicKey === null ? null : createHttp({ key: keyOf(publicKey), takeInteraction, host, rest, track: working.add });
  const gateway = {
    token,
    api,
    application,
    pulse,
    log,
    take: (envelope: Envelope) =>
      working.add(envelope.event === "INTERACTION_CREATE" ? takeInteraction(envelope.data) : takePost(envelope)),
    opened: (wrap: Parameters<typeof catchUp.run>[0]) => working.add(catchUp.run(wrap)),
  };

  return {
    routes: http?.routes ?? [],
    listen: (signal, up) => listen({ rest, application, log, gateway: http ? null : gateway }, signal, up),
    send: createSend({ ...sending, finish: (part) => showing.finish(part), beside: working.add }),
    reconcile: createReconcile(sending),
    fetch: (file, limits, signal) => fetchFile(file, limits, { rest, api }, signal),
    health: () => ({
      transport: http ? http.health() : pulse.health(),
      admission: admission.health(),
      auth: rest.auth(),
    }),
    async stop() {
      closing.abort();
      showing.stop();
      await working.settled(FAREWELL_MS);
    },
  };
}
