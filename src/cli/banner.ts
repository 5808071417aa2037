/** What a person reads when Nova has started, and when its channels are up. Printed by cli.ts. */
import type { Ink } from "./ink.ts";

export type Banner = {
  readonly version: string;
  readonly url: string;
  readonly loginUrl: string;
  readonly model: string;
  readonly home: string;
  readonly database: "embedded" | "server";
};

export function banner({ version, url, loginUrl, model, home, database }: Banner, ink: Ink): string {
  const speaks = model === "offline" ? "offline model - set OPENAI_API_KEY or OPENAI_BASE_URL for a real one" : model;
  const rows = [
    ["Chat", ink.cyan(loginUrl)],
    ["", ink.dim("opens once, within 15 minutes; `npm run nova -- console` prints another")],
    ["Address", url],
    ["Terminal", "npm run nova -- chat"],
    ["Model", speaks],
    ["Home", `${home}${database === "embedded" ? " (embedded database)" : " (database: DATABASE_URL)"}`],
  ];
  return [
    "",
    `${ink.bold(`Nova ${version}`)} is running. Ctrl-C stops it.`,
    "",
    ...rows.map(([name = "", what = ""]) => `  ${name.padEnd(9)} ${what}`),
    "",
    "",
  ].join("\n");
}

type ChannelNews = { readonly platform: string; readonly servedAt: string | null } & (
  | { readonly kind: "up" }
  | { readonly kind: "down"; readonly detail: string }
);

/** A line for each change: what is still down, for the same reason, is not told again. */
export function createChannelLines(ink: Ink): (news: ChannelNews) => string {
  const told = new Map<string, string>();
  return (news) => {
    const words = news.kind === "up" ? upWords(news.servedAt, ink) : `${ink.red("down:")} ${news.detail}`;
    if (told.get(news.platform) === words) return "";
    told.set(news.platform, words);
    return `  ${news.platform.padEnd(9)} ${words}\n`;
  };
}

/** Nobody knows whether posts arrive before the first one has. */
const upWords = (servedAt: string | null, ink: Ink): string =>
  servedAt === null ? ink.green("connected") : `served at ${servedAt}; it waits for posts there`;
