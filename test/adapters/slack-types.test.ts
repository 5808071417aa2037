/** Every request that goes to Slack, held against the types of Slack's own client by the compiler. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { messageId, turnId } from "#core";
import { createFetch } from "../../adapters/slack/fetch.ts";
import type { Called } from "../support/slack/journal.ts";
import type { Json } from "../support/slack/workspace.ts";
import { openSlackWriter } from "./slack-writer.ts";

const HOME = join(import.meta.dirname, "../..");

/** The type of each method's arguments; a method that is not here is not known to be right. */
const TYPES: Readonly<Record<string, string>> = {
  "chat.postMessage": "ChatPostMessageArguments",
  "chat.postEphemeral": "ChatPostEphemeralArguments",
  "chat.update": "ChatUpdateArguments",
  "chat.delete": "ChatDeleteArguments",
  "chat.startStream": "ChatStartStreamArguments",
  "chat.appendStream": "ChatAppendStreamArguments",
  "chat.stopStream": "ChatStopStreamArguments",
  "conversations.open": "ConversationsOpenArguments",
  "conversations.replies": "ConversationsRepliesArguments",
  "conversations.history": "ConversationsHistoryArguments",
  "assistant.threads.setStatus": "AssistantThreadsSetStatusArguments",
  "assistant.threads.setSuggestedPrompts": "AssistantThreadsSetSuggestedPromptsArguments",
  "files.info": "FilesInfoArguments",
  // What a response URL takes has no type of its own in the client: it is a message.
  response_url: "{ response_type: 'ephemeral'; replace_original: false; text: string; blocks: KnownBlock[] }",
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nova-slack-types-"));
  await symlink(join(HOME, "node_modules"), join(folder, "node_modules"));
  const tsconfig = {
    extends: join(HOME, "tsconfig.json"),
    include: ["*.ts"],
    compilerOptions: { types: [], noUnusedLocals: false },
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("C1: each request is what the types of @slack/web-api ask for, and a wrong one is noticed", async () => {
  const calls = await everyRequest();
  expect([...new Set(calls.map(({ method }) => method))].toSorted()).toEqual(Object.keys(TYPES).toSorted());
  expect(await compiled(calls)).toBe("");

  const wrong = [
    { method: "chat.postMessage", args: { text: "no channel" } },
    { method: "chat.update", args: { channel: "C1", text: "no ts" } },
    { method: "chat.postMessage", args: { channel: "C1", text: "x", unfurl_link: false } },
    { method: "chat.postMessage", args: { channel: "C1", text: "x", blocks: [{ type: "section", text: "x" }] } },
  ];
  // Behind two lines of imports: one a request, and one more for its blocks.
  const said = await compiled(wrong);
  expect([3, 4, 5, 7].filter((line) => !said.includes(`requests.ts(${line},`))).toEqual([]);
});

/** All that this adapter ever writes or reads, each in some of its forms. */
async function everyRequest(): Promise<readonly Pick<Called, "method" | "args">[]> {
  await using writer = await openSlackWriter();
  const { slack, voice, process: first } = writer;
  const user = slack.users["ada"] ?? "";
  const actions = [{ id: "sources:1", label: "Show sources" }];

  const direct = await writer.root("direct");
  writer.publish(direct, { kind: "taken", turn: turnId("1"), messages: [messageId("1")] });
  writer.publish(direct, { kind: "draft", turn: turnId("1"), text: "One" });
  await vi.waitFor(() => expect(slack.calls("chat.startStream")).toHaveLength(1));
  writer.publish(direct, { kind: "draft", turn: turnId("1"), text: "One two" });
  await vi.waitFor(() => expect(slack.calls("chat.appendStream")).toHaveLength(1));
  await first.send(writer.part(direct, "*One* two", { turn: turnId("1"), of: 2, actions }));
  await first.send(writer.part(direct, "three", { turn: turnId("1"), ordinal: 1, of: 2, actions }));

  const lab = await writer.root("lab");
  writer.publish(lab, { kind: "draft", turn: turnId("2"), text: "Nobody knows who asked" });
  await vi.waitFor(() => expect(slack.calls("chat.postMessage").length).toBeGreaterThan(1));
  writer.publish(lab, { kind: "draft", turn: turnId("2"), text: "Nobody knows who asked it" });
  await vi.waitFor(() => expect(slack.calls("chat.update").length).toBeGreaterThan(1));
  await first.deliver(writer.part(lab, "done", { turn: turnId("2"), draft: JSON.stringify({ ts: ["1.1", "2.2"] }) }));
  slack.next("chat.postMessage", "drop");
  await first.deliver(writer.part(lab, "lost", { turn: turnId("3") }));
  const surplus = await Promise.all([writer.root("lab"), writer.root("lab")]);
  const ts = surplus.map(({ root }) => root);
  await first.send(writer.part(lab, "short", { turn: turnId("4"), draft: JSON.stringify({ ts }) }));
  await first.send(writer.part(lab, "short", { turn: turnId("5"), draft: JSON.stringify({ ts: [...ts, "9.9"] }) }));

  const { channel, root, envelope } = await slack.slash("ada", "x");
  const command = { platform: "slack", scope: slack.team, container: channel, root, visibility: "private" } as const;
  const responseUrl = String(envelope.payload["response_url"]);
  await first.send(writer.part(command, "for you", { handles: [writer.handle(responseUrl)], actions }));
  slack.next("chat.postMessage", "drop");
  await first.deliver(writer.part(command, "directly"));

  await voice.tell({ channel: lab.container, user, thread: lab.root, responseUrl: null }, "Only you see this.");
  await voice.tell({ channel: direct.container, user, thread: direct.root, responseUrl: null }, "Hello.");
  await voice.answerPress(
    { channel, user, thread: null, responseUrl },
    { kind: "done", card: { text: "Sources:", actions } },
  );
  await voice.suggest(direct.container, direct.root);
  await voice.suggest(direct.container, null);
  const { id } = slack.files.add(user, { name: "a.txt", bytes: "x" });
  const fetch = createFetch({ api: writer.api, token: slack.tokens.bot, origins: [slack.origin] });
  await fetch({ ref: id, name: "a.txt", mime: "", size: 1 }, { bytes: 10, ms: 1_000 }, AbortSignal.timeout(1_000));
  return slack.calls();
}

/** What the compiler says against requests that are written down as values of their types; empty when nothing. */
async function compiled(calls: readonly Pick<Called, "method" | "args">[]): Promise<string> {
  const names = Object.values(TYPES).filter((type) => /^\w+$/.test(type));
  const lines = calls.flatMap(({ method, args }, index) => {
    const value = JSON.stringify(typed(args));
    const blocks =
      args["blocks"] === undefined
        ? []
        : [`export const call${index}blocks: KnownBlock[] = ${JSON.stringify(args["blocks"])};`];
    return [`export const call${index}: ${TYPES[method]} = ${value};`, ...blocks];
  });
  const head = `import type { ${names.join(", ")} } from "@slack/web-api";\nimport type { KnownBlock } from "@slack/types";\n`;
  await writeFile(join(folder, "requests.ts"), `${head}${lines.join("\n")}\n`);
  const tsc = join(HOME, "node_modules/.bin/tsc");
  return promisify(execFile)(tsc, ["--noEmit", "--pretty", "false", "-p", folder]).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? "the compiler did not run",
  );
}

/** A form carries words only: what was true, false or a number is so again. */
function typed(args: Json): Json {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => {
      if (value === "true" || value === "false") return [key, value === "true"];
      return [key, key === "limit" ? Number(value) : value];
    }),
  );
}
