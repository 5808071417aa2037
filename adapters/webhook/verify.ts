/** Whether a post is signed by whoever holds the endpoint's secret. Called by receive.ts before anything is read. */
import { isUtf8 } from "node:buffer";
import type { Preset } from "#core";
import { unverified, type Verdict } from "./verdict.ts";
import { verifyGithub } from "./verify-github.ts";
import { verifyStandard } from "./verify-standard.ts";

/** A post as it came. */
export type RawPost = { readonly headers: Headers; readonly bytes: Uint8Array };

/** `secrets`: any of them may have signed, because while one is rotated two are good. */
export async function verify(
  preset: Preset,
  { headers, bytes }: RawPost,
  secrets: readonly string[],
  now: Date,
): Promise<Verdict> {
  // The libraries sign text. Bytes that are none would be mended first, and something else than what came be verified.
  if (!isUtf8(bytes)) return unverified("The body is not UTF-8 text, so its signature cannot hold.");
  const post = { headers, text: Buffer.from(bytes).toString("utf8") };
  const usable = secrets.filter((secret) => secret.trim() !== "");
  return preset === "github" ? verifyGithub(post, usable) : verifyStandard(post, usable, now);
}
