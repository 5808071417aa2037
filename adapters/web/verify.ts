/** Who asks, and from where: the session behind the cookie, the page behind a POST. Every route passes here. */
import { parse, serialize } from "hono/utils/cookie";
import { answerRefusal, type Clock, type People, type Person } from "#core";

const COOKIE = "nova_session";
export const SESSION_MS = 30 * 24 * 60 * 60 * 1_000;

export type Verified = { readonly person: Person; readonly token: string };

/** The signed-in person, or the 401 to answer. */
export async function verifySession(
  request: Request,
  { people, clock }: { people: Pick<People, "session">; clock: Clock },
): Promise<Verified | Response> {
  const token = sessionToken(request);
  const person = token === undefined ? undefined : await people.session(token, clock.now());
  if (token !== undefined && person) return { person, token };
  return answerRefusal({
    status: 401,
    code: "forbidden",
    message: "You are not signed in.",
    advice: "Open / and sign in.",
  });
}

/** Whoever sends JSON from a page of their own, or the refusal to answer. */
export async function verifyPost(
  request: Request,
  host: { people: Pick<People, "session">; clock: Clock },
): Promise<Verified | Response> {
  const refused = refuseForeign(request) ?? refuseOtherTypes(request);
  if (refused) return refused;
  const session = await verifySession(request, host);
  if (session instanceof Response) return session;
  return refuseOther(request, session.person) ?? session;
}

/** Undefined when the POST comes from our own page, else the 403 to answer. Browsers let no page forge these headers. */
export function refuseForeign(request: Request): Response | undefined {
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin") return undefined;
  const origin = request.headers.get("origin");
  if (site === null && origin !== null && isHost(origin, request)) return undefined;
  return answerRefusal({ status: 403, code: "forbidden", message: "This request does not come from Nova's own page." });
}

/** Undefined for JSON, else the 415 to answer. A plain HTML form cannot send this type. */
function refuseOtherTypes(request: Request): Response | undefined {
  const type = request.headers.get("content-type") ?? "";
  if (/^application\/json\s*(;|$)/i.test(type)) return undefined;
  return answerRefusal({ status: 415, code: "bad_input", message: "The body must be of the type application/json." });
}

/** Undefined when the page belongs to whoever is signed in now, else the 409 to answer: it may be a tab of before. */
function refuseOther(request: Request, person: Person): Response | undefined {
  const meant = request.headers.get(PERSON_HEADER);
  if (meant === null || meant === person.id) return undefined;
  const message = `${person.name} has signed in here since this page was opened.`;
  return answerRefusal({ status: 409, code: "forbidden", message, advice: "Reload the page." });
}

/** Names the person whose conversation the page shows. */
const PERSON_HEADER = "nova-person";

export function sessionToken(request: Request): string | undefined {
  const token = parse(request.headers.get("cookie") ?? "", COOKIE)[COOKIE];
  return token === undefined || token === "" || token.length > 200 ? undefined : token;
}

/** The cookie of a session, or with `null` the one that ends it. */
export function sessionCookie(token: string | null, secure: boolean): string {
  return serialize(COOKIE, token ?? "", {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    secure,
    maxAge: token === null ? 0 : SESSION_MS / 1_000,
  });
}

function isHost(origin: string, request: Request): boolean {
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === (request.headers.get("host") ?? new URL(request.url).host).toLowerCase();
}
