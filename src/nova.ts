/** A built Nova as the command line sees it; main.ts makes it, cli.ts runs it. */
import type { NovaError } from "#core";
import type { ChannelNews } from "./service/channels.ts";

/**
 * `buildNova(config: Config, options: { service: boolean; log: Log }): Promise<Nova>` in main.ts opens the database,
 * loads the plug-ins and starts working on what waits. The caller holds the lock of `config.home` before it builds and
 * until `stop` has returned. With `service` false nothing listens on a port and no adapter connects out.
 */
export interface Nova {
  /**
   * The control surface in process, already authorised: the bearer check belongs to the loopback listener.
   * `POST /control/:verb` takes the verb's input as JSON and answers lines of JSON: any number of `{"event":…}`, then
   * one `{"result":…}` or `{"error":{"code","message","advice"}}`. `GET /control` answers `{"nova":"<version>"}`, so
   * that a stranger on a reused port is not taken for Nova. Control routes of adapters keep their own paths.
   */
  readonly control: { fetch(request: Request): Promise<Response> };
  /** What speaks: a model's name, or `offline`. */
  readonly model: string;
  /** Resolves when Nova cannot go on in this process, with what to tell about it. */
  readonly failed: Promise<NovaError>;
  /**
   * Listens, on the public port and on a free loopback port that asks for `controlToken` as bearer. Channels that connect
   * out come later, and say so by `onChannel` whenever one is up or down.
   */
  start(options: { readonly controlToken: string; readonly onChannel?: (news: ChannelNews) => void }): Promise<Started>;
  /** Resolves when no turn runs or waits and no reply is left to deliver. */
  settled(signal?: AbortSignal): Promise<void>;
  /** Takes nothing new, lets what runs come to an end or a safe point, closes everything. May be called twice. */
  stop(): Promise<void>;
}

export type Started = {
  /** The address of the public port. */
  readonly url: string;
  /** Opens the chat page as the owner; works once. */
  readonly loginUrl: string;
  readonly controlPort: number;
};
