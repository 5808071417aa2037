/** Whether Slack reaches Nova at the address that it posts to. Called by setup.ts. */
import { createHmac } from "node:crypto";
import { ill, untriedAddress, well, type SetupCheck, type SetupContext } from "#core";
import { EVENTS_PATH } from "../platform.ts";

/** What Slack would post: only who knows the secret is answered. */
export async function addressCheck({ env, publicUrl, serving, clock, signal }: SetupContext): Promise<SetupCheck> {
  const url = `${publicUrl}${EVENTS_PATH}`;
  if (!serving) return untriedAddress(url);
  const body = JSON.stringify({ type: "url_verification", challenge: "nova-init" });
  const stamp = String(Math.floor(clock.now().getTime() / 1_000));
  const signature = createHmac("sha256", env["SLACK_SIGNING_SECRET"] ?? "")
    .update(`v0:${stamp}:${body}`)
    .digest("hex");
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-slack-request-timestamp": stamp,
      "x-slack-signature": `v0=${signature}`,
    },
    body,
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  }).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    () => undefined, // Told below, whatever it was.
  );
  signal.throwIfAborted();
  if (!answer)
    return ill(
      "address",
      `${url} does not answer.`,
      "Check NOVA_PUBLIC_URL, and the proxy or tunnel in front of Nova.",
    );
  if (answer.status === 401)
    return ill("address", "Nova refuses a request that this secret signed.", "Restart Nova: it runs with another one.");
  if (answer.status !== 200 || !answer.text.includes("nova-init"))
    return ill(
      "address",
      `${url} answers with status ${answer.status}, and not as Nova does.`,
      "Check that NOVA_PUBLIC_URL leads to this Nova, and that it runs with slack in NOVA_ADAPTERS.",
    );
  return well("address", `${url} takes signed requests.`);
}
