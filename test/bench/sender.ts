/** Sends signed posts from a process of its own, so that signing and waiting are not Nova's. Used by accept. */
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { driveRounds, type Rounds } from "./lanes.ts";

type Posting = {
  readonly url: string;
  readonly secret: string;
  readonly lanes: number;
};

const answered = z.array(z.array(z.number()));

export async function postRounds(posting: Posting): Promise<Rounds> {
  const child = fork(import.meta.filename, [JSON.stringify(posting)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [rounds]: unknown[] = await once(child, "message");
  child.kill();
  return answered.parse(rounds);
}

async function send({ url, secret, lanes }: Posting): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const webhook = new Webhook(secret);
  process.send?.(await driveRounds(lanes, (lane) => post({ url, agent, webhook, lane })));
  agent.destroy();
}

type Post = { readonly url: string; readonly agent: Agent; readonly webhook: Webhook; readonly lane: number };

/** Each sender has a conversation of its own. */
async function post({ url, agent, webhook, lane }: Post): Promise<void> {
  const id = randomUUID();
  const at = new Date();
  const body = JSON.stringify({
    text: "How do I take care of the lawn beside the hedge?",
    conversation: `lane ${lane}`,
  });
  const headers = {
    "content-type": "application/json",
    "content-length": body.length,
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": webhook.sign(id, at, body),
  };
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
    });
    sent.on("error", reject);
    sent.end(body);
  });
  if (status !== 202) throw new Error(`a post was answered with ${status}`);
}

const [, script, posting] = process.argv;
if (script === import.meta.filename && posting !== undefined) await send(JSON.parse(posting));
