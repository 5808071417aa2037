/** Reports of machines that are told by their headline alone: who did what to which thing. Used by kind.ts. */
import { COUNTED } from "./measures.ts";
import type { Told } from "./cues.ts";

export type Event = {
  /** "content": the headline only says that somebody wrote; what is written decides. */
  readonly kind: Told | "content";
  /** The words of the headline that tell it. */
  readonly said: string;
  readonly actor: string | undefined;
  readonly next: string;
};

type Rule = { readonly says: RegExp; readonly kind: Event["kind"]; readonly next: string };

const RUN = "(?:workflow|check|build|pipeline|job|deploy(?:ment)?|test|ci|run|status|release|migration|backup)s?";
const THING =
  "(?:issues?|pull requests?|merge requests?|prs?|mrs?|discussions?|branch(?:es)?|tags?|releases?|comments?|milestones?|labels?|tickets?|commits?|repositor(?:y|ies)|members?|wiki|pages?|packages?|deployments?|threads?|alerts?|advisor(?:y|ies)|projects?)";
/** Whoever speaks of themselves or of many reports no event. */
const MANY = "(?:i|we|you|they|he|she|it|the|an?|your|our|my|this|that|new|please|all|everyone)";
const NOTHING = "Nothing to do.";

const rule = (says: string, kind: Rule["kind"], next: string): Rule => ({ says: new RegExp(says, "iu"), kind, next });

/** How a report of GitHub goes on after how something ended. */
const REPORTED = String.raw`(?: on \S{1,200})?(?: at [0-9a-f]{7}| \((?:set off|reported|asked for again) by)\b`;

const RULES: readonly Rule[] = [
  rule(String.raw`\b(?:failed|timed out)(?: with an error| to start)?${REPORTED}`, "failure", "Check the failing run."),
  rule(
    String.raw`\b(?:succeeded|was cancelled|was skipped|ended with neutral|is inactive|is stale)${REPORTED}`,
    "change",
    NOTHING,
  ),
  { says: COUNTED, kind: "failure", next: "Check what went wrong." },
  rule(
    String.raw`\b(?:is|was|ended with) (?:[a-z ]{1,40}, )?(?:success|neutral|skipped|cancelled|stale|inactive)\b`,
    "change",
    NOTHING,
  ),
  rule(
    String.raw`\b${RUN}\b.{0,120}\baction required\b|\breview of a deployment\b.{0,80}\brequested\b`,
    "review",
    "A run waits for a decision.",
  ),
  rule(
    String.raw`\bis (?:[a-z ]{1,40}, )?(?:failure|error|timed out|startup failure)\b`,
    "failure",
    "Check the failing run.",
  ),
  rule(
    String.raw`\b${RUN}\b.{0,120}\bis (?:queued|in progress|pending|waiting|requested)\b`,
    "change",
    "Nothing to do yet.",
  ),
  rule(
    String.raw`\b${RUN}\b.{0,120}(?<!\b(?:no|not|without|never|0) )\b(?:failed|failure|failing|timed[ _]out|startup[ _]failure|broke(?:n)?|errored)\b|\b(?:failed|failing|broken) ${RUN}\b|\brun failed\b`,
    "failure",
    "Check the failing run.",
  ),
  rule(
    String.raw`\b(?:dependabot|secret[- ]scanning|code[- ]scanning|security|vulnerability)\b.{0,60}\b(?:alert|advisory)\b.{0,120}\b(?:fixed|dismiss(?:ed)?|resolved?|closed|withdrawn)\b|\b(?:fixed|dismissed|resolved|closed|withdrew)\b.{0,40}\b(?:dependabot|secret[- ]scanning|code[- ]scanning|security)\b.{0,30}\b(?:alert|advisory)`,
    "change",
    NOTHING,
  ),
  rule(
    String.raw`\b(?:dependabot|secret[- ]scanning|code[- ]scanning|security|vulnerability)\b.{0,40}\b(?:alert|advisory)\b`,
    "failure",
    "Look at the security alert.",
  ),
  rule(
    String.raw`\b(?:requested (?:a |your )?(?:changes))\b|\bchanges[ _]requested\b|\basked for changes\b`,
    "task",
    "Changes are asked for; look at them.",
  ),
  rule(
    String.raw`\brequest(?:ed|s) (?:a |your )?review\b|\breview[ _]requested\b|\basked (?:\S+ )?for (?:a |your )?review\b|\brequested (?:a |your )?review from\b|(?<!no longer )\b(?:asked|asks) .{1,80} to review\b|\bready for review\b`,
    "review",
    "Someone waits for your review.",
  ),
  rule(
    String.raw`^(?!${MANY}\b)\S+ (?:re-?)?(?:opened|created|submitted|proposed) (?:an? |the )?(?:new |draft )*(?:pull request|merge request|pr|mr)\b`,
    "review",
    "Someone waits for your review.",
  ),
  rule(
    String.raw`^(?!${MANY}\b)\S+ (?:re-?)?(?:opened|created|reported|filed|transferred) (?:an? |the )?(?:new )?(?:issue|bug|ticket)\b|^new issue\b`,
    "task",
    "Look at the new issue.",
  ),
  rule(String.raw`^(?!${MANY}\b)\S+ (?:assigned|has assigned)\b`, "task", "See what was assigned, and to whom."),
  rule(
    String.raw`^(?!${MANY}\b)\S+ (?:commented|replied|mentioned|left a (?:review )?comment|wrote|reviewed|submitted a review)\b|^new comment\b`,
    "content",
    "Read it, if it is for you.",
  ),
  rule(
    String.raw`^(?!${MANY}\b)\S+ (?:started|created|opened) (?:an? )?(?:new )?discussion\b`,
    "content",
    "Read it, if it is for you.",
  ),
  rule(
    String.raw`^(?!${MANY}\b)\S+ (?:starred|forked|watched|sponsored|started (?:watching|sponsoring)|unstarred|followed)\b`,
    "news",
    NOTHING,
  ),
  rule(String.raw`^(?!${MANY}\b)\S+ (?:force-)?pushed\b.{0,60}\b(?:commits?|to|branch|tag)\b`, "change", NOTHING),
  rule(
    String.raw`^(?!${MANY}\b)\S+ (?:approved|merged|closed|deleted|removed|created|published|released|edited|renamed|labell?ed|unlabell?ed|unassigned|locked|unlocked|pinned|unpinned|deployed|synchroni[sz]ed|updated|dismissed|resolved|added|converted|enqueued|milestoned|transferred|archived|marked)\b.{0,80}\b${THING}\b`,
    "change",
    NOTHING,
  ),
  rule(
    String.raw`\b${RUN}\b.{0,120}\b(?:succeeded|success|passed|completed|finished|is green|fixed)\b`,
    "change",
    NOTHING,
  ),
  // What GitHub tells in one sentence, which names its place; a deed that nobody has to follow.
  rule(
    String.raw`^\S+ (?:put|took|moved|turned|lets|no longer (?:lets|asks)|pushed new commits|marked|added|blocked|unblocked|asked to deploy|reopened a conversation|installed|suspended|let|accepted|began to sponsor|sponsors|no longer sponsors|will (?:no longer )?(?:sponsor|change)|keeps)\b.{1,300}$`,
    "change",
    NOTHING,
  ),
  rule(
    String.raw`\bon the marketplace\b|^GitHub set up\b|^The merge queue of\b|^\S+ made \S+ public\b|^\S+ (?:created|deleted|edited|added|removed|revoked|changed|made|gave|took|set off|sent|started|invited|renamed|archived|restored|reordered|converted|dismissed)\b.{0,80}\b(?:repository|repositories|team|organization|wiki|app|webhook|workflow|key|rule|label|milestone|project|event|comment|review|access|collaborator)\b`,
    "change",
    NOTHING,
  ),
];

/** The name before a deed; what runs by itself is nobody. */
const ACTOR = new RegExp(
  String.raw`^@?(?!${RUN}\b|${MANY}\b)([a-z\d][\w.-]{0,60}(?:\[bot\])?) (?:[a-z-]+ed|force-pushed|wrote|left|took|made|gave|set|sent|asks) `,
  "i",
);

/** A machine's sentence is short. */
const LONGEST = 1_000;

export function eventIn(headline: string): Event | undefined {
  if (headline.length > LONGEST) return undefined;
  for (const { says, kind, next } of RULES) {
    const said = says.exec(headline)?.[0];
    if (said !== undefined) return { kind, said, actor: ACTOR.exec(headline)?.[1], next };
  }
  return undefined;
}
