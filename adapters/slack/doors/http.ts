/** Slack's requests over HTTP: verified on their raw bytes, parsed, handed on, and only then answered. Used by index.ts. */
import type { AdapterHost } from "#core";
import { isCertificateCheck, verify } from "../verify.ts";
import type { Desk } from "./desk.ts";
import type { Limited } from "./limited.ts";
import type { Unverified } from "./unverified.ts";

export type HttpDeps = {
  readonly secret: string;
  /** Opened when first needed. */
  readonly desk: () => Promise<Desk>;
  readonly limited: Limited;
  readonly unverified: Unverified;
  readonly host: Pick<AdapterHost, "clock" | "log">;
};

export async function answerHttp(request: Request, { secret, desk, limited, unverified, host }: HttpDeps) {
  const bytes = new Uint8Array(await request.arrayBuffer());
  const verdict = verify({ headers: request.headers, bytes }, secret, host.clock.now());
  if (verdict.kind === "unverified") {
    if (isCertificateCheck(bytes)) return new Response(null, { status: 200 });
    unverified.note(verdict.why);
    return new Response(null, { status: 401 });
  }
  const body = bodyOf(request.headers.get("content-type"), bytes);
  if (!body) return new Response(null, { status: 400 });
  if (body["type"] === "url_verification") return Response.json({ challenge: body["challenge"] ?? "" });
  if (limited.hears(body)) return new Response(null, { status: 200 });

  const attempt = Number(request.headers.get("x-slack-retry-num") ?? 0);
  const reason = request.headers.get("x-slack-retry-reason") ?? "";
  if (attempt > 0) host.log.info("slack.delivered_again", { attempt, reason: reason.slice(0, 40) });
  try {
    const reply = await (await desk()).take({ body, ...(attempt > 0 ? { retry: { attempt, reason } } : {}) });
    return reply === undefined ? new Response(null, { status: 200 }) : Response.json(reply);
  } catch (error) {
    host.log.error("slack.not_stored", error);
    // Without a word against it Slack comes again.
    return new Response(null, { status: 503 });
  }
}

type Body = Readonly<Record<string, unknown>>;

/** Events are JSON. Commands are a form; clicks are JSON in a form. */
function bodyOf(contentType: string | null, bytes: Uint8Array): Body | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  if (!contentType?.startsWith("application/x-www-form-urlencoded")) return objectIn(text);
  const form = Object.fromEntries(new URLSearchParams(text));
  return form["payload"] === undefined ? form : objectIn(form["payload"]);
}

function objectIn(json: string): Body | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
