/**
 * GitHub's way: the body alone is signed. Neither the delivery's id nor a time is, so a replay is known by its id only.
 */
import { verify as isSigned } from "@octokit/webhooks-methods";
import { unverified, type Verdict } from "./verdict.ts";

const ID = /^[\x21-\x7e]{1,200}$/;
const EVENT = /^[a-z][a-z0-9_]{0,99}$/;
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

type Post = { readonly headers: Headers; readonly text: string };

export async function verifyGithub({ headers, text }: Post, secrets: readonly string[]): Promise<Verdict> {
  const id = headers.get("x-github-delivery");
  const event = headers.get("x-github-event");
  const signature = headers.get("x-hub-signature-256");
  if (id === null || event === null)
    return unverified("The headers X-GitHub-Delivery and X-GitHub-Event are needed, as GitHub sends them.");
  if (signature === null)
    return unverified("The header X-Hub-Signature-256 is needed: give the webhook its secret in GitHub's settings.");
  if (!ID.test(id) || !EVENT.test(event))
    return unverified("The headers X-GitHub-Delivery and X-GitHub-Event are not as GitHub sends them.");

  // The library refuses to look at an empty body or a signature of another form.
  if (text !== "" && SIGNATURE.test(signature)) {
    for (const secret of secrets) {
      if (await isSigned(secret, text, signature)) return { kind: "verified", id, event, text };
    }
  }
  return unverified("The signature in X-Hub-Signature-256 does not fit this body.");
}
