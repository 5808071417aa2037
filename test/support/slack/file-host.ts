/** Files that people upload, on Slack's host behind the bearer token, and a stranger's host that notes who asks. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { refused, type Methods } from "./method.ts";
import type { Json } from "./workspace.ts";

export type Upload = {
  readonly name: string;
  readonly mime?: string;
  readonly bytes: Uint8Array | string;
  /** How Slack's host has packed the bytes on their way. */
  readonly encoding?: "gzip";
  /** `external` is a file that lives on another host; Slack has only its address. */
  readonly mode?: "hosted" | "external";
  /** Where Slack says that it is; else its own place. */
  readonly url?: string;
  /** Slack's host sends the reader on to there. */
  readonly redirectTo?: string;
  /** Slack's host answers so in place of the file. */
  readonly status?: number;
  /** What Slack says of its size; else the true one. */
  readonly size?: number;
};

export async function openFileHost(origin: () => string, token: string) {
  const files = new Map<string, { readonly upload: Upload; readonly about: Json }>();
  /** What the stranger's host was asked, with the authorization header if there was one. */
  const asked: { readonly path: string; readonly authorization: string | null }[] = [];
  const stranger = createServer((request, response) => {
    asked.push({ path: request.url ?? "", authorization: request.headers.authorization ?? null });
    response.end("a stranger's bytes");
  });
  await new Promise<void>((done) => stranger.listen(0, "127.0.0.1", done));
  const { port } = stranger.address() as AddressInfo;
  const methods: Methods = {
    async "files.info"({ file }) {
      const found = files.get(file);
      return found ? { ok: true, file: found.about } : refused("file_not_found");
    },
  };
  return {
    methods,
    asked: asked as readonly (typeof asked)[number][],
    foreign: `http://127.0.0.1:${port}`,
    add(user: string, upload: Upload): Json {
      const id = `F${String(files.size + 1).padStart(8, "0")}`;
      const url = upload.url ?? `${origin()}/files-pri/T0-${id}/${encodeURIComponent(upload.name)}`;
      const about = {
        id,
        name: upload.name,
        title: upload.name,
        mimetype: upload.mime ?? "text/plain",
        filetype: upload.name.split(".").at(-1),
        user,
        size: upload.size ?? Buffer.byteLength(upload.bytes),
        mode: upload.mode ?? "hosted",
        is_external: upload.mode === "external",
        external_type: upload.mode === "external" ? "gdrive" : "",
        url_private: url,
        url_private_download: url,
        file_access: "visible",
      };
      files.set(id, { upload, about });
      return about;
    },
    /** True when the request was for a file of Slack's own host, which then is answered. */
    serve(request: IncomingMessage, response: ServerResponse): boolean {
      const id = /^\/files-pri\/T0-(F\d+)\//.exec(request.url ?? "")?.[1];
      const file = id === undefined ? undefined : files.get(id);
      if (!file) return false;
      // Slack shows a sign-in page to those who cannot prove themselves.
      if (request.headers.authorization !== `Bearer ${token}`)
        response.writeHead(200, { "content-type": "text/html" }).end("<!DOCTYPE html><title>Sign in</title>");
      else if (file.upload.status) response.writeHead(file.upload.status, { "retry-after": "4" }).end();
      else if (file.upload.redirectTo) response.writeHead(302, { location: file.upload.redirectTo }).end();
      else {
        const { encoding, bytes } = file.upload;
        const headers = { "content-type": file.about["mimetype"], ...(encoding && { "content-encoding": encoding }) };
        response.writeHead(200, headers).end(bytes);
      }
      return true;
    },
    async close(): Promise<void> {
      stranger.closeAllConnections();
      await new Promise((done) => stranger.close(done));
    },
  };
}
