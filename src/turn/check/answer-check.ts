/**
 * What an answer may rest on, and what of it stands nowhere: figures, days and ids, deeds, quotations, places. Pure; made
 * for each step by prepare.ts, and asked by the step runner before anybody reads the answer.
 */
import {
  isReply,
  isStatement,
  sentenceOf,
  type AgentStep,
  type Breach,
  type Ground,
  type MemoryChange,
  type RecalledItem,
} from "#core";
import type { Done } from "./deed-record.ts";
import { claimsIn, type DeedFacts } from "./deeds.ts";
import { createReader, knownAt, unknownIn, type Known } from "./figures.ts";
import { withoutDoubted } from "./doubted.ts";
import { strangePlaces, type Places } from "./places.ts";
import { tellsOfFailure } from "./failed-tools.ts";
import { linkSources, strangeLinks, type LinkGround } from "./link-ground.ts";
import { withoutLinks } from "./links.ts";
import { spokenIn } from "./spoken.ts";
import { falseQuotes, unknownItems, type Quotable } from "./quotes.ts";

/** What the turn knows beside the step itself. */
export type AnswerFacts = {
  /** What was carried out for this conversation. */
  readonly deeds: readonly Done[];
  /** What the steps before it staged in this turn. */
  readonly changes: readonly MemoryChange[];
  readonly places: Places;
  /** Reads the figures of a text, and of the same text once a turn. */
  readonly read?: (text: string) => Known;
};

type Asked = Pick<AgentStep, "agent" | "ask" | "history" | "recalled" | "given" | "before"> & {
  readonly context: Pick<AgentStep["context"], "roster">;
};
type Check = NonNullable<AgentStep["check"]>;

/** Most things that are named in one sentence. */
const MOST_NAMED = 5;

export function checkFor(step: Asked, facts: AnswerFacts): Check {
  const { agent, ask } = step;
  const said = saidIn(step);
  const sources = sourcesOf(step);
  const now = ask.now;
  const read = facts.read ?? createReader(now);
  const links = checkLinks(step);
  return (reply, ground) => {
    const strange = links(reply, ground);
    if (reply.kind === "handoff" || reply.kind === "delegate") return strange;
    // What goes with a link is not looked for, and words are cut from what is left without it.
    const said = sentenceOf(reply);
    const left = strange.length === 0 ? said : withoutLinks(said, new Set(strange.flatMap(({ words }) => words)));
    const found = [...inAnswer(left, ground), ...strange];
    // A question, a refusal or a proposal may claim no deed and bring no link; the rest is for answers.
    return reply.kind === "answer" ? found : found.filter(({ code }) => code === "done_claim" || code === "link");
  };

  function inAnswer(answer: string, ground: Ground): readonly Breach[] {
    const breaches: Breach[] = [];
    const add = (code: Breach["code"], found: readonly string[], words: (named: string) => string) => {
      if (found.length > 0) breaches.push({ code, message: words(listed(found)), words: found });
    };
    add(
      "done_claim",
      claimsIn(answer, deedFacts(step, facts, ground)).map(({ text }) => text),
      claimWords,
    );
    const quotable = quotableIn(step, ground, said);
    add(
      "quote",
      unknownItems(answer, quotable).map((id) => `[m${id}]`),
      itemWords,
    );
    add(
      "quote",
      falseQuotes(answer, quotable).map((words) => `“${words}”`),
      quoteWords,
    );
    add("scope", strangePlaces(answer, facts.places, said), scopeWords(facts.places));
    const failed = ground.failed ?? [];
    if (!tellsOfFailure(answer)) add("tool_failed", failed, failedWords);
    if (agent.grounding !== "none") {
      const known = [knownAt(now), ...[...sources, ...ground.results].map(read)];
      const looking = { now, code: agent.grounding === "strict" };
      const strange = unknownIn(answer, known, looking);
      // Whoever introduces the others quotes what they say of themselves: read only when it could matter.
      const unknown =
        strange.length > 0 ? unknownIn(answer, [...known, ...rosterTexts(step).map(read)], looking) : strange;
      // Whoever could not look has not found nothing.
      const isEmpty =
        failed.length === 0 &&
        step.recalled?.verdict === "none" &&
        ground.results.every((result) => result.trim() === "");
      add(isEmpty ? "firm" : "figure", unknown, isEmpty ? firmWords : figureWords);
    }
    return breaches;
  }
}

/** Of links alone: all that is looked at where nobody but another agent reads the reply. */
export function checkLinks(step: LinkGround): Check {
  const sources = linkSources(step);
  return (reply, { results, tainted }) => {
    if (tainted !== true) return [];
    const found = strangeLinks(spokenIn(reply), [...sources, ...results]);
    return found.length === 0 ? [] : [{ code: "link", message: linkWords(listed(found)), words: found }];
  };
}

const linkWords = (named: string): string =>
  `These links stand nowhere in what was read, or not like this: ${named}. Give a link exactly as it stands there, without a word more in it, or none.`;
const claimWords = (named: string): string =>
  `The answer says that something was done, and there is no record of it: ${named}. Say only what was done, or propose it.`;
const itemWords = (named: string): string => `The answer cites ${named}, which was not found in memory.`;
const quoteWords = (named: string): string =>
  `These words do not stand where the answer says that they stand: ${named}. Quote word by word, or do not quote.`;
const scopeWords =
  ({ here }: Places) =>
  (named: string): string =>
    `The question was asked within ${here.join(", ")}, and the answer speaks of ${named}.`;
const figureWords = (named: string): string =>
  `I found no source for: ${named}. Give what stands in the sources, work it out with a tool, or leave it out.`;
const firmWords = (named: string): string =>
  `Nothing was found about this, and the answer still states: ${named}. Say that it is not known, or leave it out.`;
const failedWords = (named: string): string =>
  `A tool failed, so what it would have found is not known: ${named}. Say in the answer that this could not be looked up, and leave out what would rest on it.`;

export function listed(found: readonly string[]): string {
  const more = found.length - MOST_NAMED;
  return found.slice(0, MOST_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What the person said, in this turn and before. */
const saidIn = ({ ask, history }: Asked): readonly string[] => [
  ask.words,
  ...history.filter((message) => !isReply(message)).map(({ text }) => text),
];

/** The same without files and words from outside: neither states anything. */
const statedIn = ({ ask, history }: Pick<Asked, "ask" | "history">): readonly string[] => [
  ...(ask.origin === "outside" ? [] : [ask.own ?? ask.words]),
  ...history.filter((message) => !isReply(message) && message.origin !== "outside").map(({ text }) => text),
];

/** All that an answer's figures may stand in, but for what the run's tools return. */
const sourcesOf = ({ agent, ask, history, recalled, given, before }: Asked): readonly string[] => [
  ask.words,
  ask.own ?? "",
  ask.person.name,
  ask.entrance,
  // An agent may tell what its own file says.
  agent.prompt,
  ...history.map((message) => (isReply(message) ? withoutDoubted(message.text) : message.text)),
  ...(recalled?.items ?? []).map(itemText),
  ...(given === undefined ? [] : [JSON.stringify(given.input)]),
  ...before.flatMap(({ reply }) => [
    withoutDoubted(sentenceOf(reply)),
    reply.kind === "handoff" ? JSON.stringify(reply.input) : "",
  ]),
  recalled ? `${recalled.items.length}` : "",
];

const rosterTexts = ({ context }: Asked): readonly string[] =>
  context.roster.flatMap(({ purpose, useWhen, notFor, skills }) => [
    purpose,
    useWhen,
    notFor,
    ...skills.flatMap(({ description, examples }) => [description, ...examples]),
  ]);

const itemText = ({ id, at, author, text }: RecalledItem): string =>
  `[m${id}] ${at.toISOString().slice(0, 10)} ${author}: ${text}`;

const quotableIn = ({ recalled, before }: Asked, { results, changes }: Ground, said: readonly string[]): Quotable => ({
  items: new Map([
    ...(recalled?.items ?? []).map((item) => [String(item.id), item.text] as const),
    ...changes.flatMap((change) => (change.kind === "forget" ? [[String(change.item), ""] as const] : [])),
  ]),
  results: [...results, ...before.map(({ reply }) => sentenceOf(reply))],
  said,
});

/** A statement to an agent that reads memory is kept when the turn ends, whatever the agent does. */
const isKeptAnyway = ({ agent, ask }: Pick<Asked, "agent" | "ask">): boolean =>
  agent.reads.includes("memory") && ask.origin !== "outside" && isStatement(ask.own ?? ask.words);

function deedFacts({ agent, history, recalled, before, ask }: Asked, facts: AnswerFacts, ground: Ground): DeedFacts {
  const changes = [...facts.changes, ...ground.changes];
  return {
    deeds: facts.deeds,
    asked: ask.origin === "outside" ? "" : (ask.own ?? ask.words),
    kept: changes.some(({ kind }) => kind === "keep"),
    keptAnyway: isKeptAnyway({ agent, ask }),
    forgot: changes.some(({ kind }) => kind === "forget"),
    onText: agent.domain === "language",
    onRecords: agent.domain === "operations",
    told: agent.domain === "language" ? [ask.words, ...history.map(({ text }) => text)] : statedIn({ ask, history }),
    results: [...ground.results, ...before.map(({ reply }) => sentenceOf(reply))],
    items: [...ground.results, ...(recalled?.items ?? []).map(({ text }) => text)],
  };
}
