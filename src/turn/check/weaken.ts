/** What becomes of an answer that has no ground and was not mended: cut, told, or failed. Pure; called by leg.ts. */
import { sentenceOf, type AgentSpec, type Breach, type Reply, type StepOutcome, type TraceEvent } from "#core";
import { listed } from "./answer-check.ts";
import { doubtLine } from "./doubted.ts";
import { failedLine } from "./failed-tools.ts";
import { withoutLinks } from "./links.ts";
import { respoken } from "./spoken.ts";

type Checked = Extract<TraceEvent, { kind: "checked" }>;
type Weakened = {
  readonly outcome: StepOutcome;
  /** Absent when there was nothing to look at. */
  readonly event?: Checked;
};

/** Never silently wrong: a deed without a record is cut from whatever is said, the rest as the agent's `grounding` asks for. */
export function weaken(outcome: StepOutcome, { grounding }: Pick<AgentSpec, "grounding">): Weakened {
  const { breaches } = outcome;
  if (breaches.length === 0) return { outcome };
  const codes = [...new Set(breaches.map(({ code }) => code))];
  const linked = unlinked(outcome.reply, breaches);
  const rest = breaches.filter(({ code }) => code !== "link");
  const reply = rest.length > 0 ? weakened(linked, rest, grounding) : linked;
  const failed = reply.kind === "fail" && outcome.reply.kind !== "fail";
  return {
    // A failed step changes nothing.
    outcome: { ...outcome, reply, changes: failed ? [] : outcome.changes },
    event: { kind: "checked", breaches: codes, outcome: failed ? "failed" : "weakened" },
  };
}

function weakened(reply: Reply, breaches: readonly Breach[], grounding: AgentSpec["grounding"]): Reply {
  const groundless = breaches.filter(({ code }) => code !== "done_claim");
  const unfounded = groundless.some(({ code }) => code !== "tool_failed");
  if (reply.kind === "answer" && grounding === "strict" && unfounded) {
    const reason = [`I held this answer back. ${reasonOf(groundless)}`, ...NOT_DONE.slice(0, has(breaches) ? 1 : 0)];
    return { kind: "fail", code: "invalid_reply", reason: reason.join("\n\n") };
  }
  const text = withoutWords(
    sentenceOf(reply),
    breaches.filter(isCut).flatMap(({ words }) => words),
  );
  const notes = [...(has(breaches) ? NOT_DONE : []), ...groundless.map(noteOf)];
  if (!/\p{L}/u.test(text)) return nothingLeft(reply);
  const noted = [text, ...notes].join("\n\n");
  switch (reply.kind) {
    case "answer":
    case "propose":
      return { ...reply, text: noted };
    case "clarify":
      return { ...reply, question: noted };
    case "fail":
      return { ...reply, reason: noted };
    case "handoff":
    case "delegate":
      return reply;
  }
}

/** Whatever the reply is and whoever reads it; the words around a link stay. */
function unlinked(reply: Reply, breaches: readonly Breach[]): Reply {
  const strange = new Set(breaches.flatMap(({ code, words }) => (code === "link" ? words : [])));
  return strange.size === 0 ? reply : respoken(reply, (words) => withoutLinks(words, strange));
}

const has = (breaches: readonly Breach[]): boolean => breaches.some(({ code }) => code === "done_claim");
/** Said in the answer's place, also where the answer fails. */
const NOT_DONE: readonly string[] = [
  "*I left out what said that something was done: there is no record of it, so take it as not done.*",
];

/** A deed that was not done, and an item that is not there. */
const isCut = ({ code, words }: Breach): boolean => code === "done_claim" || isItems({ code, words });
const isItems = ({ code, words }: Pick<Breach, "code" | "words">): boolean =>
  code === "quote" && words.every((word) => /^\[m\d+\]$/.test(word));

function nothingLeft(reply: Reply): Reply {
  const said = "Nothing was done. My answer said otherwise and there is no record of it, so I held it back.";
  if (reply.kind === "propose") return { ...reply, text: "Please look at this and decide. Nothing was done yet." };
  return { kind: "fail", code: "invalid_reply", reason: `${said} Ask again, or say what should happen.` };
}

function noteOf({ code, words }: Breach): string {
  const named = listed(words);
  switch (code) {
    case "quote":
      return isItems({ code, words })
        ? `*I left out a source that is not there: ${named.replaceAll(/[[\]]/g, "")}.*`
        : `*These words do not stand where the answer says that they do: ${named}.*`;
    case "scope":
      return `*You asked within one project or branch, and this speaks of another: ${named}.*`;
    case "tool_failed":
      return failedLine(words);
    case "figure":
    case "firm":
    case "done_claim":
    case "link":
      return doubtLine(named);
  }
}

const reasonOf = (breaches: readonly Breach[]): string =>
  `${breaches.map((breach) => noteOf(breach).replaceAll("*", "")).join(" ")} Ask again, or give me what it can rest on.`;

/** A line or bullet of which nothing is left goes as well. */
export function withoutWords(text: string, cut: readonly string[]): string {
  if (cut.length === 0) return text;
  const lines = text.split("\n").flatMap((line) => {
    const left = cut.reduce((rest, words) => rest.replaceAll(words, ""), line);
    if (left === line) return [line];
    const tidy = left.replaceAll(/ +(?=[.,;:!?](?:\s|$))/g, "").replaceAll(/(?<=\S) {2,}/g, " ");
    return /[\p{L}\p{N}]/u.test(tidy.replace(/^\s*\d+[.)]/, "")) ? [tidy.trimEnd()] : [];
  });
  return lines
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
