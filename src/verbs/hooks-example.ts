/** How to send to a new endpoint and fetch the reply, ready to be pasted into a shell or a form. Drawn after `hooks add`. */
import type { Added } from "./hooks-output.ts";

type Door = Pick<Added, "url" | "secret" | "token">;

/** Needs openssl and curl only. The key is taken out of the secret as Standard Webhooks says: base64 behind `whsec_`. */
export const sending = ({ url, secret }: Door): string[] => [
  `secret='${secret}'`,
  `body='{"text":"The nightly build failed: 2 of 310 tests, both in the importer."}'`,
  `id="msg_$(openssl rand -hex 12)"; at=$(date +%s)`,
  `key=$(printf %s "\${secret#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')`,
  `mac=$(printf %s "$id.$at.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)`,
  `curl -sS '${url}' -H 'content-type: application/json' -H "webhook-id: $id" \\`,
  `  -H "webhook-timestamp: $at" -H "webhook-signature: v1,$mac" -d "$body"`,
];

/** `{"id":"12"}` is what sending answers. Waits up to 20 seconds for the reply. */
export const fetching = ({ url, token }: Door): string[] => [
  `curl -sS '${url.replace(/\/hooks\/[^/]+$/, "")}/api/messages/12?wait=20' -H 'authorization: Bearer ${token}'`,
];

/** What the form at the repository's Settings → Webhooks → Add webhook asks for. */
export const githubForm = ({ url, secret }: Door): (readonly [string, string])[] => [
  ["Payload URL", url],
  ["Content type", "application/json"],
  ["Secret", secret],
];
