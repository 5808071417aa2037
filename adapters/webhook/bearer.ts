/** Which endpoint a program may speak for: the token that `nova hooks add` printed. Used by messages.ts and call.ts. */
import type { AdapterHost, Endpoint } from "#core";
import type { Guard } from "./guard.ts";

type Deps = { readonly host: Pick<AdapterHost, "endpoints">; readonly guard: Guard };

/** The endpoint, or what the caller is told who has no good token. */
export async function endpointOf(request: Request, { host, guard }: Deps): Promise<Endpoint | Response> {
  const [, token] = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const endpoint = token === undefined ? undefined : await host.endpoints.byToken(token);
  return endpoint ?? guard.failed(request, NO_TOKEN);
}

const NO_TOKEN = {
  status: 401,
  code: "forbidden",
  message: "The token is missing or wrong.",
  advice: "Send `Authorization: Bearer …` with the token that `nova hooks add` printed.",
  headers: { "www-authenticate": "Bearer" },
};
