/** One-time codes to browser sessions, and back out. */
import { createThrottle, PEER_HEADER, type AdapterHost } from "#core";
import { identityOf } from "./parse.ts";
import { answerPage, signInPage } from "./pages.ts";
import { refuseForeign, sessionCookie, sessionToken, SESSION_MS, verifySession } from "./verify.ts";

export interface SignIn {
  /** GET /login: a link from the terminal carries the code. */
  follow(request: Request): Promise<Response>;
  /** POST /login: the code typed into the form. */
  submit(request: Request): Promise<Response>;
  /** POST /logout. */
  leave(request: Request): Promise<Response>;
}

const ATTEMPTS = { limit: 10, windowMs: 60_000 };
const WRONG_CODE = "That code is wrong, was used before, or is too old. Ask for a new one with: npm run nova -- link";

export function createSignIn(
  host: Pick<AdapterHost, "people" | "clock" | "log">,
  secure: () => boolean,
  onLeave: (token: string) => void,
): SignIn {
  const throttle = createThrottle({ ...ATTEMPTS, clock: host.clock });

  async function spend(request: Request, code: string): Promise<Response> {
    const wait = throttle.attempt(request.headers.get(PEER_HEADER) ?? "unknown");
    if (wait > 0) {
      const problem = `Too many tries. Wait ${wait} seconds, then try again.`;
      return answerPage(await signInPage({ problem, code }), 429, { "retry-after": String(wait) });
    }
    const now = host.clock.now();
    const opened = await host.people.openSession(code, now, new Date(now.getTime() + SESSION_MS));
    if (opened.kind === "refused") {
      // The same link opened again by someone who is in already.
      const signedIn = !((await verifySession(request, host)) instanceof Response);
      return signedIn ? toChat({}) : answerPage(await signInPage({ problem: WRONG_CODE }), 401);
    }

    await host.people.link(identityOf(opened.person.id), opened.person.id);
    host.log.info("web.signed_in", { person: opened.person.id });
    return toChat({ "set-cookie": sessionCookie(opened.token, secure()) });
  }

  return {
    async follow(request) {
      const code = new URL(request.url).searchParams.get("code")?.trim() ?? "";
      if (code === "" || code.length > 40) return answerPage(await signInPage({}));
      // From another site the strict cookie would not come along, and the visit may not be the person's own wish.
      const site = request.headers.get("sec-fetch-site");
      if (site === "cross-site" || site === "same-site" || request.method === "HEAD") {
        return answerPage(await signInPage({ code }));
      }
      return spend(request, code);
    },
    async submit(request) {
      const foreign = refuseForeign(request);
      if (foreign) return foreign;
      const code = new URLSearchParams(await request.text()).get("code")?.trim() ?? "";
      if (code === "" || code.length > 40) return answerPage(await signInPage({ problem: WRONG_CODE }), 401);
      return spend(request, code);
    },
    async leave(request) {
      const foreign = refuseForeign(request);
      if (foreign) return foreign;
      const token = sessionToken(request);
      if (token !== undefined) {
        await host.people.closeSession(token);
        onLeave(token);
      }
      return toChat({ "set-cookie": sessionCookie(null, secure()) });
    },
  };
}

function toChat(headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { status: 303, headers: { ...headers, location: "/", "cache-control": "no-store" } });
}
