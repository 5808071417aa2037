/** The files of the page, read once at start, and the sign-in page around them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { html } from "hono/html";

export type Asset = { readonly path: string; readonly body: string; readonly type: string; readonly tag: string };

const FILES = [
  ["page.css", "text/css; charset=utf-8"],
  ["page.js", "text/javascript; charset=utf-8"],
  ["connection.js", "text/javascript; charset=utf-8"],
  ["actions.js", "text/javascript; charset=utf-8"],
  ["button.js", "text/javascript; charset=utf-8"],
  ["form.js", "text/javascript; charset=utf-8"],
  ["conversation.js", "text/javascript; charset=utf-8"],
  ["outgoing.js", "text/javascript; charset=utf-8"],
  ["icon.svg", "image/svg+xml"],
] as const;

/** Served to everyone: they hold nothing that is anyone's. */
export function readAssets(): readonly Asset[] {
  return FILES.map(([name, type]) => {
    const body = read(name);
    const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`;
    return { path: `/chat/${name}`, body, type, tag };
  });
}

export function answerAsset(asset: Asset, request: Request): Response {
  const headers = { "cache-control": "no-cache", etag: asset.tag };
  if (request.headers.get("if-none-match") === asset.tag) return new Response(null, { status: 304, headers });
  return new Response(asset.body, { headers: { ...headers, "content-type": asset.type } });
}

export const readChatPage = (): string => read("page.html");

export function answerPage(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, {
    status,
    headers: { "cache-control": "no-store", "content-type": "text/html; charset=utf-8", ...headers },
  });
}

/** `problem` says why the last try failed; `code` fills the field. Both are escaped. */
export async function signInPage({ problem = "", code = "" }: { problem?: string; code?: string }): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Sign in to Nova</title>
        <link rel="icon" href="/chat/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/chat/page.css" />
      </head>
      <body class="door">
        <main class="sign-in">
          <img src="/chat/icon.svg" alt="" width="48" height="48" />
          <h1>Sign in to Nova</h1>
          <p>On the machine where Nova runs, ask for a one-time code:</p>
          <pre><code>npm run nova -- link</code></pre>
          <form method="post" action="/login">
            <label for="code">One-time code</label>
            <input
              id="code"
              name="code"
              value="${code}"
              placeholder="XXXX-XXXX"
              maxlength="40"
              required
              autofocus
              autocomplete="one-time-code"
              autocapitalize="characters"
              spellcheck="false"
              aria-describedby="problem"
            />
            <p id="problem" class="problem" role="alert">${problem}</p>
            <button type="submit">Sign in</button>
          </form>
        </main>
      </body>
    </html>`;
  return page.toString();
}

function read(name: string): string {
  return readFileSync(new URL(`./page/${name}`, import.meta.url), "utf8");
}
