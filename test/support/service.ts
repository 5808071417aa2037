/** A real Nova process on a folder of its own, as a person starts it, and a browser's requests to it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { EventReader } from "../adapters/event-reader.ts";

const CLI = fileURLToPath(new URL("../../src/bin.ts", import.meta.url));

export interface Service {
  readonly url: string;
  readonly loginUrl: string;
  /** What it logged so far, one JSON object a line. */
  logged(): string;
  /** SIGSTOP: it stands still, with all its connections open, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL: no goodbye. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Resolves when the banner is printed. */
export async function startService(home: string, env: Record<string, string> = {}): Promise<Service> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", CLI, "start"], {
    env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1", NOVA_LOG: "warn", NOVA_HOME: home, NOVA_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Also when the test fails in the middle: no service outlives it.
  onTestFinished(() => void child.kill("SIGKILL"));
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const loginUrl = await printed(child, /http:\/\/\S+\/login\?code=\S+/);
  const gone = once(child, "exit");
  return {
    url: new URL(loginUrl).origin,
    loginUrl,
    logged: () => log,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
    async stop() {
      child.kill("SIGTERM");
      const [code]: unknown[] = await gone;
      return typeof code === "number" ? code : null;
    },
  };
}

async function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let out = "";
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      const found = pattern.exec(out)?.[0];
      if (found) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`Nova ended with ${code} before it was ready: ${errors}`)));
  });
}

/** Spends a one-time login link; the cookie of the session. */
export async function signIn(loginUrl: string): Promise<string> {
  const response = await fetch(loginUrl, { redirect: "manual" });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new Error(`the login link answered ${response.status}`);
  return cookie;
}

/** Posts a message as the page does. */
export function post(service: Service, cookie: string, message: { id: string; text: string }): Promise<Response> {
  return fetch(`${service.url}/chat/messages`, {
    method: "POST",
    headers: { cookie, origin: service.url, "content-type": "application/json" },
    body: JSON.stringify(message),
  });
}

/** The page's stream of messages and progress. */
export const listen = (service: Service, cookie: string): EventReader =>
  new EventReader(`${service.url}/chat/events`, { cookie });
