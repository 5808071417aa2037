/** The bytes of a file that came with a message. The bot's token goes to Slack's own file host and nowhere else. */
import { z } from "zod";
import type { Fetched, FetchLimits, FileRef } from "#core";
import type { SlackApi } from "./api.ts";

export const FILE_HOST = "https://files.slack.com";

export type FetchDeps = {
  readonly api: SlackApi;
  readonly token: string;
  /** Origins that may see the token: `FILE_HOST`, or the place of an API that is not Slack's own. */
  readonly origins: readonly string[];
};

const about = z.looseObject({
  file: z.looseObject({
    url_private: z.string().nullish(),
    url_private_download: z.string().nullish(),
    mode: z.string().nullish(),
    is_external: z.boolean().nullish(),
    size: z.number().nullish(),
    mimetype: z.string().nullish(),
  }),
});

const MOST_REDIRECTS = 3;

export function createFetch({ api, token, origins }: FetchDeps) {
  return async (file: FileRef, limits: FetchLimits, signal: AbortSignal): Promise<Fetched> => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(limits.ms)]);
    const { name } = file;
    try {
      const info = await api.call((client) => client.files.info({ file: file.ref }), until);
      if (info.kind !== "done") {
        const why = `Slack did not say where ${name} is (${info.code}).`;
        return info.kind === "unknown" || info.retry ? failed(why, info.afterMs) : refused(why);
      }
      const found = about.safeParse(info.value).data?.file;
      if (!found) return refused(`Slack did not say where ${name} is.`);
      if (found.is_external === true || found.mode === "external" || found.mode === "remote")
        return refused(`${name} is kept by another service, and Nova reads only files that Slack keeps.`);
      if ((found.size ?? 0) > limits.bytes) return refused(tooLarge(name, limits));
      const response = await follow(found.url_private_download ?? found.url_private ?? "", until);
      if (typeof response === "string") return refused(`${name} was not read: ${response}`);
      if (!response.ok) {
        const wait = Number(response.headers.get("retry-after") || NaN) * 1_000;
        const why = `${name} was not read: Slack did not give it out (${response.status}).`;
        return isBusy(response) ? failed(why, Number.isNaN(wait) ? undefined : wait) : refused(why);
      }
      const isPage = /^text\/html\b/i.test(response.headers.get("content-type") ?? "");
      if (isPage && !/html/i.test(found.mimetype ?? "")) {
        await response.body?.cancel();
        return refused(`${name} was not read: Slack asks to sign in. The app may lack the scope files:read.`);
      }
      const bytes = await read(response, limits.bytes);
      return bytes ? { kind: "fetched", bytes } : refused(tooLarge(name, limits));
    } catch {
      signal.throwIfAborted();
      return failed(until.aborted ? `${name} took too long to arrive.` : `${name} could not be loaded from Slack.`);
    }
  };

  /** The last response, with the file or a refusal, or what was wrong. Each place that we are sent on to is looked at anew. */
  async function follow(url: string, signal: AbortSignal): Promise<Response | string> {
    let place = url;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
      if (!URL.canParse(place) || !origins.includes(new URL(place).origin))
        return "it lies where Slack keeps no files.";
      const response = await fetch(place, {
        redirect: "manual",
        headers: { authorization: `Bearer ${token}` },
        signal,
      });
      if (response.ok) return response;
      await response.body?.cancel();
      const next = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || next === null) return response;
      place = URL.canParse(next, place) ? new URL(next, place).href : "";
    }
    return "Slack sends on and on.";
  }
}

/** Undefined when there are more. */
async function read(response: Response, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop ends the transfer.
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

const isBusy = ({ status }: Response): boolean => status === 429 || status >= 500;

/** Another time it may go well. */
const failed = (why: string, afterMs?: number): Fetched => ({
  kind: "failed",
  why,
  ...(afterMs === undefined ? {} : { afterMs }),
});
const refused = (why: string): Fetched => ({ kind: "refused", why });
const tooLarge = (name: string, { bytes }: FetchLimits): string =>
  `${name} is too large; Nova reads files of up to ${Math.floor(bytes / 1_000_000) || 1} MB.`;
