/** How the results of `nova hooks` read. */
import { fetching, githubForm, sending } from "./hooks-example.ts";
import type { Added, HooksOutput, Looked, Rotated, Shown, Tried } from "./hooks-output.ts";
import { drawPosts } from "./hooks-posts-words.ts";
import { columns, counted, indent, minute, oneLine, span } from "./layout.ts";
import type { Ink } from "./verb.ts";

export function drawHooks(result: HooksOutput, ink: Ink): string {
  if (Array.isArray(result)) return drawList(result, ink);
  if ("token" in result) return drawAdded(result, ink);
  if ("secret" in result) return drawRotated(result, ink);
  if ("posts" in result) return drawPosts(result, ink);
  if ("steps" in result) return drawTried(result, ink);
  if ("removed" in result) {
    return `The address of ${ink.bold(result.name)} is closed; its secret and its token are good no more. What came in by it stays.`;
  }
  return drawShown(result, ink);
}

function drawList(list: readonly Shown[], ink: Ink): string {
  if (list.length === 0) {
    return "There are no endpoints yet. `nova hooks add <name>` opens one; `nova hooks add <name> --github` one for a repository.";
  }
  const head = ["name", "preset", "person", "agent", "project", "words", "created", "last post"];
  const rows = list.map((each) => [
    each.name,
    each.preset,
    each.person,
    each.agent ?? "chosen by Nova",
    each.project ?? "-",
    each.origin,
    minute(each.createdAt),
    each.lastPostAt ? minute(each.lastPostAt) : "never",
  ]);
  const [first = "", ...lines] = columns([head, ...rows]);
  return [ink.dim(first), ...lines].join("\n");
}

function facts(shown: Pick<Shown, "url" | "preset" | "person" | "agent" | "project" | "origin">): string[][] {
  return [
    ["address", shown.url],
    ["signed", shown.preset === "github" ? "as GitHub does" : "by Standard Webhooks"],
    ["comes to", shown.person],
    ["answered by", shown.agent ?? "the agent that Nova chooses"],
    ["project", shown.project ?? "none"],
    ["words", WORDS[shown.origin](shown.person)],
  ];
}

const WORDS: Readonly<Record<Shown["origin"], (person: string) => string>> = {
  outside: () => "from outside: data, never commands; nothing of them is kept in memory",
  person: (person) => `${person}'s own: as if written on the chat page`,
};

function drawShown({ name, ...shown }: Looked, ink: Ink): string {
  const more = [
    ["created", `${minute(shown.createdAt)} UTC`],
    ["last post", shown.lastPostAt ? `${minute(shown.lastPostAt)} UTC` : "never"],
    ["good secrets", `${shown.goodSecrets}; \`nova hooks rotate ${name}\` prints a fresh one`],
  ];
  return [ink.bold(name), indent(columns([...facts(shown), ...more]).join("\n"))].join("\n");
}

function drawAdded(added: Added, ink: Ink): string {
  const github = added.preset === "github";
  return [
    `The endpoint ${ink.bold(added.name)} is open.`,
    "",
    indent(columns(facts(added)).join("\n")),
    "",
    ink.bold("Shown only now"),
    indent(
      columns([
        ["secret", added.secret],
        ["token", added.token],
      ]).join("\n"),
    ),
    "",
    ...(github
      ? [
          ink.bold("On GitHub: the repository's Settings, Webhooks, Add webhook"),
          indent(columns(githubForm(added).map((line) => [...line])).join("\n")),
        ]
      : [ink.bold("Send"), ink.dim(indent(sending(added).join("\n")))]),
    "",
    `${ink.bold("Fetch the reply")}, with the id that ${github ? "the delivery's response shows" : "sending answers"}`,
    ink.dim(indent(fetching(added).join("\n"))),
    ...(added.notes.length > 0 ? ["", ...added.notes.map((note) => ink.yellow(note))] : []),
    "",
    `Try it while Nova runs: ${ink.cyan(`nova hooks test ${added.name}`)}`,
    `Read what came in, and the replies: ${ink.cyan(`nova hooks posts ${added.name}`)}`,
  ].join("\n");
}

function drawRotated({ name, preset, secret, formerGoodUntil }: Rotated, ink: Ink): string {
  const where = preset === "github" ? "the Secret field of the repository's webhook" : "the sender's settings";
  return [
    `A fresh secret for ${ink.bold(name)}, shown only now: ${ink.bold(secret)}`,
    `Put it into ${where}. The token stays as it is.`,
    formerGoodUntil
      ? `What was signed with a secret before it is taken until ${minute(formerGoodUntil)} UTC.`
      : ink.yellow("Secrets before it are good no more."),
  ].join("\n");
}

/** A reply is shown in part: it stands in the transcript. */
const SHOWN = 200;

function drawTried({ name, url, steps, reply }: Tried, ink: Ink): string {
  const lines = steps.flatMap(({ what, ok, detail, ms, advice }) => [
    `${ok ? ink.green("✓") : ink.red("✗")} ${what}: ${detail} ${ink.dim(`(${span(ms)})`)}`,
    ...(advice ? [indent(ink.yellow(advice))] : []),
  ]);
  const wrong = steps.filter(({ ok }) => !ok).length;
  return [
    `${ink.bold(name)} ${ink.dim(url)}`,
    ...lines,
    ...(reply === null ? [] : ["", ink.dim(indent(oneLine(reply, SHOWN)))]),
    "",
    wrong === 0 ? ink.green("The endpoint works.") : ink.red(`${counted(wrong, "step")} failed.`),
  ].join("\n");
}
