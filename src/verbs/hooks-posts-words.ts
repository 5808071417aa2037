/** How the posts of an endpoint read: a head line each, and the first lines of the post and of its reply. */
import type { Posts } from "./hooks-output.ts";
import { counted, indent, minute, oneLine } from "./layout.ts";
import type { Ink } from "./verb.ts";

/** The whole of both stands in `--json`. */
const LINES = 4;
const WIDTH = 160;

export function drawPosts({ name, person, posts }: Posts, ink: Ink): string {
  if (posts.length === 0)
    return `No post came in by ${ink.bold(name)} yet. \`nova hooks test ${name}\` sends one while Nova runs.`;
  const head = `${ink.bold(name)} ${ink.dim(`${counted(posts.length, "post")} to ${person}, newest last; the whole texts: --json`)}`;
  return [head, ...posts.map((post) => drawPost(post, ink))].join("\n\n");
}

function drawPost({ message, at, state, turn, text, reply }: Posts["posts"][number], ink: Ink): string {
  const facts = [`${minute(at)} UTC`, `message ${message}`, STATES[state], ...(turn === null ? [] : [`t${turn}`])];
  return [
    ink.dim(facts.join("  ")),
    indent(clipped(text)),
    ...(reply === null ? [] : [`  ${ink.cyan(`${reply.agent ?? "Nova"}:`)}`, indent(clipped(reply.text), "    ")]),
  ].join("\n");
}

const STATES: Readonly<Record<Posts["posts"][number]["state"], string>> = {
  waiting: "waits",
  running: "being answered",
  done: "answered",
  failed: "failed",
  cancelled: "stopped",
};

/** Blank lines go, so that the next post is told by the one before it. */
function clipped(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.slice(0, LINES).map((line) => `${/^ {0,8}/.exec(line)?.[0] ?? ""}${oneLine(line, WIDTH)}`);
  return [...shown, ...(lines.length > LINES ? ["…"] : [])].join("\n");
}
