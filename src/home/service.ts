/** The running service of a folder, as another process of the same user reaches it. Used by the roof. */
import { z } from "zod";
import { type RunFile, readRunFile } from "./run-file.ts";

export type Service = {
  readonly run: RunFile;
  /** Speaks to the control surface; the request's host is replaced and the bearer added. */
  fetch(request: Request): Promise<Response>;
};

const ANSWER_MS = 2_000;

/**
 * The service named in run.json, if it answers and takes the token. A file left behind by a crash is ignored, also
 * when a stranger has got its port since. Throws only the signal's reason.
 */
export async function findService(folder: string, signal?: AbortSignal): Promise<Service | undefined> {
  const run = await readRunFile(folder);
  if (!run) return undefined;
  const service: Service = { run, fetch: async (request) => fetch(await readdress(request, run)) };
  return (await isNova(service, signal)) ? service : undefined;
}

const greeting = z.object({ nova: z.string() });

/** A stranger on a reused port may answer anything; only Nova answers this. */
async function isNova(service: Service, signal?: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  const either = signal ? AbortSignal.any([signal, limit]) : limit;
  try {
    const response = await service.fetch(new Request("http://nova/control", { signal: either }));
    return greeting.safeParse(await response.json()).success;
  } catch {
    signal?.throwIfAborted();
    return false; // Refused, silent, or not JSON: nobody there that could serve us.
  }
}

/** The body is sent as a whole, not as a stream, so that its length is known to the other side. */
async function readdress(request: Request, run: RunFile): Promise<Request> {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${run.token}`);
  return new Request(`http://127.0.0.1:${run.port}${pathname}${search}`, {
    method: request.method,
    headers,
    signal: request.signal,
    body: request.body ? await request.arrayBuffer() : null,
  });
}
