/** The bytes of a file that came with a message. Its address dies after a day, so that it is asked for again each time. Called by index.ts; inbound/post.ts takes its references. */
import { z } from "zod";
import type { Fetched, FetchLimits, FileRef } from "#core";
import { codeOf } from "./answer.ts";
import { DISCORD_API, type Rest } from "./rest.ts";

export type AttachmentRef = { readonly channel: string; readonly message: string; readonly attachment: string };

/** What an inbound's file is known by: no address, and no secret. */
export const refOf = ({ channel, message, attachment }: AttachmentRef): string => `${channel}/${message}/${attachment}`;

const REF = /^(\d+)\/(\d+)\/(\d+)$/;

export type FetchDeps = { readonly rest: Rest; readonly api: string };

const CDN = ["https://cdn.discordapp.com", "https://media.discordapp.net"];
const MOST_REDIRECTS = 3;

const carrier = z.object({ attachments: z.array(z.object({ id: z.string(), url: z.string(), size: z.number() })) });

export async function fetchFile(
  file: FileRef,
  limits: FetchLimits,
  { rest, api }: FetchDeps,
  signal: AbortSignal,
): Promise<Fetched> {
  const [, channel, message, wanted] = REF.exec(file.ref) ?? [];
  if (channel === undefined) return refused("Nova cannot tell any more which file this was.");
  const until = AbortSignal.any([signal, AbortSignal.timeout(limits.ms)]);
  const route = `/channels/${channel}/messages/${message}` as const;
  const answer = await rest.call({ method: "GET", route }, until);
  if (answer.kind !== "done") {
    const why = `Discord did not give out the message with the file (${codeOf(answer)}).`;
    if (answer.kind === "later") return { kind: "failed", why, afterMs: answer.afterMs };
    return answer.kind === "refused" && answer.status < 500 ? refused(why) : failed(why);
  }
  const attachment = carrier.safeParse(answer.body).data?.attachments.find(({ id }) => id === wanted);
  if (!attachment) return refused("The file is not there any more.");
  if (attachment.size > limits.bytes) return refused(tooLarge(limits));
  try {
    return await download(attachment.url, limits, allowedBy(api), until);
  } catch {
    signal.throwIfAborted();
    return failed(until.aborted ? "Discord took too long to give out the file." : "The file could not be loaded.");
  }
}

/** Beside Discord's own hosts the one that stands in for Discord. */
const allowedBy = (api: string): ReadonlySet<string> =>
  new Set(api === DISCORD_API ? CDN : [...CDN, new URL(api).origin]);

/** Without any token, and only from where Discord keeps its files, also after a redirect. */
async function download(
  address: string,
  limits: FetchLimits,
  allowed: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Fetched> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    if (!allowed.has(url.origin)) return refused("The file lies where Discord keeps no files.");
    const response = await fetch(url, { redirect: "manual", signal });
    const to = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (to === null) return response.ok ? read(response, limits) : gone(response);
    await response.body?.cancel();
    url = new URL(to, url);
  }
  return refused("The file is handed on too often.");
}

async function read(response: Response, limits: FetchLimits): Promise<Fetched> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limits.bytes) return refused(tooLarge(limits));
    chunks.push(chunk);
  }
  return { kind: "fetched", bytes: new Uint8Array(Buffer.concat(chunks)) };
}

async function gone(response: Response): Promise<Fetched> {
  await response.body?.cancel();
  const why = `Discord did not give out the file (${response.status}).`;
  return response.status === 429 || response.status >= 500 ? failed(why) : refused(why);
}

const refused = (why: string): Fetched => ({ kind: "refused", why });
/** Another time it may go well. */
const failed = (why: string): Fetched => ({ kind: "failed", why });
const tooLarge = ({ bytes }: FetchLimits): string =>
  `The file is larger than the ${Math.floor(bytes / 1024 / 1024)} MiB that Nova reads.`;
