/** Slack: direct messages, mentions, threads and `/nova`, over Socket Mode or HTTP. Found by src/plugins. */
import { createAdmission, defineAdapter, type AdapterRoute } from "#core";
import { createSlackApi } from "./api.ts";
import { createCatchUp } from "./away/catch-up.ts";
import { createHistory } from "./away/history.ts";
import { openDesk, type Desk } from "./doors/desk.ts";
import { answerHttp } from "./doors/http.ts";
import { createLimited } from "./doors/limited.ts";
import { listenHttp, listenSocket } from "./doors/listen.ts";
import { createPulse } from "./doors/pulse.ts";
import { connect } from "./doors/socket.ts";
import { createUnverified } from "./doors/unverified.ts";
import { examples } from "./examples.ts";
import { createFetch, FILE_HOST } from "./fetch.ts";
import { createIdentity } from "./identity.ts";
import { createNames } from "./inbound/names.ts";
import { createClerk } from "./inbound/receive.ts";
import { createVoice } from "./inbound/speak.ts";
import { SECTION_TEXT } from "./mrkdwn.ts";
import { parse } from "./parse.ts";
import { pause } from "./pause.ts";
import { COMMAND, EVENTS_PATH, PLATFORM } from "./platform.ts";
import { render } from "./render.ts";
import { createResponseUrls } from "./response-url.ts";
import { createSend } from "./send.ts";
import { createReconcile } from "./sending/reconcile.ts";
import { createTries } from "./sending/tries.ts";
import { settings, SLACK_API } from "./settings.ts";
import { setup } from "./setup/setup.ts";
import { createAskers } from "./showing/askers.ts";
import { createShowing } from "./showing/showing.ts";

/** Slack's own payloads stay far below. */
const MAX_BODY_BYTES = 1024 * 1024;

export default defineAdapter({
  platform: PLATFORM,
  settings,
  accounts: {
    written: /^slack:[TE][A-Z0-9]+\/[UW][A-Z0-9]+$/,
    as: "slack:<team>/<user> with the ids that begin with T and U, such as slack:T024BE7LD/U023BECGF",
  },
  caps: { maxText: SECTION_TEXT, idempotentSend: false, buttons: true, commandPrefix: COMMAND, redelivers: true },
  parse,
  render,
  examples,
  setup,
  create(given, host) {
    const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken = "", SLACK_API_URL: url } = given;
    const { clock, log } = host;
    const api = createSlackApi({ token, url, clock });
    const seal = host.seal(token);
    const urls = createResponseUrls(clock);
    const admission = createAdmission(clock);
    const limited = createLimited(clock, log);
    const unverified = createUnverified(host);
    const identity = createIdentity((signal) => api.check(signal));
    const names = createNames(async (user) => {
      const answer = await api.call((client) => client.users.info({ user }));
      return answer.kind === "done" ? answer.value : undefined;
    }, clock);
    const voice = createVoice({ api, urls, log });
    const askers = createAskers();
    const tries = createTries();
    const showing = createShowing({ api, askers, host, pause });
    const door = { ...host, accept: askers.watch((inbound) => host.accept(inbound)) };
    const clerk = createClerk({ host: door, identity, names, voice, admission, seal });

    // Every verb reads this file: the SDK is loaded when Slack is first spoken to.
    let desk: Promise<Desk> | undefined;
    const atDesk = (): Promise<Desk> => {
      desk ??= openDesk(clerk, log).catch((error: unknown) => {
        desk = undefined;
        throw error;
      });
      return desk;
    };

    const history = createHistory({ api, identity, desk: atDesk, host, pause });
    const catchUp = createCatchUp({ history, clock, log });

    const isSocket = given.SLACK_MODE === "socket";
    const pulse = createPulse(clock);
    const events: AdapterRoute = {
      surface: "public",
      method: "POST",
      path: EVENTS_PATH,
      maxBytes: MAX_BODY_BYTES,
      handle: (request) =>
        answerHttp(request, {
          secret: given.SLACK_SIGNING_SECRET ?? "",
          desk: atDesk,
          limited,
          unverified,
          host,
        }),
    };

    return {
      routes: isSocket ? [] : [events],
      async listen(signal, up) {
        if (!isSocket) {
          const opened = catchUp.opening();
          return listenHttp(identity, signal, () => (up(), opened()));
        }
        const at = await atDesk();
        const onAlive = (): void => (pulse.beat(), catchUp.alive());
        const open = async (until: AbortSignal) => {
          const opened = catchUp.opening();
          const connection = await connect({ appToken, url, desk: at, limited, log, onAlive }, until);
          opened();
          return connection;
        };
        return listenSocket({ identity, pulse, open }, signal, up);
      },
      send: createSend({ api, urls, tries, seal, host, finish: (turn) => showing.finish(turn) }),
      reconcile: createReconcile({ api, tries, host, pause }),

      fetch: createFetch({ api, token, origins: [url === SLACK_API ? FILE_HOST : new URL(url).origin] }),
      health: () => ({
        transport: isSocket ? pulse.health() : api.reach(),
        admission: limited.over(admission.health()),
        auth: api.auth(),
      }),
      async stop() {
        await Promise.all([showing.stop(), catchUp.stop()]);
      },
    };
  },
});
