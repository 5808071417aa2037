/** Reports of machines that are told by their headline alone: who did what to which thing. Used by kind.ts. */
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
const NOTHING = "Nothing to do.";

const rule = (says: string, kind: Rule["kind"], next: string): Rule => ({ says: new RegExp(says, "iu"), kind, next });

const RULES: readonly Rule[] = [
  rule(
    String.raw`\b${RUN}\b.{0,120}\b(?:failed|failure|failing|timed[ _]out|startup[ _]failure|broke(?:n)?|errored)\b|\b(?:failed|failing|broken) ${RUN}\b|\brun failed\b`,
    "failure",
    "Check the failing run.",
  ),
  rule(
    String.raw`\b(?:dependabot|secret[- ]scanning|code[- ]scanning|security|vulnerability)\b.{0,60}\b(?:alert|advisory)\b.{0,60}\b(?:fixed|dismissed|resolved|closed|withdrawn)\b|\b(?:fixed|dismissed|resolved|closed|withdrew)\b.{0,40}\b(?:dependabot|secret[- ]scanning|code[- ]scanning|security)\b.{0,30}\b(?:alert|advisory)`,
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
    String.raw`\brequest(?:ed|s) (?:a |your )?review\b|\breview[ _]requested\b|\basked (?:\S+ )?for (?:a |your )?review\b|\brequested (?:a |your )?review from\b|\bready for review\b`,
    "review",
    "Someone waits for your review.",
  ),
  rule(
    String.raw`^\S+ (?:re-?)?(?:opened|created|submitted|proposed) (?:an? |the )?(?:new |draft )*(?:pull request|merge request|pr|mr)\b`,
    "review",
    "Someone waits for your review.",
  ),
  rule(
    String.raw`^\S+ (?:re-?)?(?:opened|created|reported|filed|transferred) (?:an? |the )?(?:new )?(?:issue|bug|ticket)\b|^new issue\b`,
    "task",
    "Look at the new issue.",
  ),
  rule(String.raw`^\S+ (?:assigned|has assigned)\b`, "task", "See what was assigned, and to whom."),
  rule(
    String.raw`^\S+ (?:commented|replied|mentioned|left a (?:review )?comment|answered|wrote|reviewed|submitted a review|edited a comment)\b|^new comment\b`,
    "content",
    "Nothing to do, unless the comment is for you.",
  ),
  rule(
    String.raw`^\S+ (?:started|created|opened) (?:an? )?(?:new )?discussion\b`,
    "content",
    "Nothing to do, unless the discussion is yours.",
  ),
  rule(
    String.raw`^\S+ (?:starred|forked|watched|sponsored|started (?:watching|sponsoring)|unstarred|followed)\b`,
    "news",
    NOTHING,
  ),
  rule(String.raw`^\S+ (?:force-)?pushed\b.{0,60}\b(?:commits?|to|branch|tag)\b`, "change", NOTHING),
  rule(
    String.raw`^\S+ (?:approved|merged|closed|deleted|removed|created|published|released|edited|renamed|labell?ed|unlabell?ed|unassigned|locked|unlocked|pinned|unpinned|deployed|synchroni[sz]ed|updated|dismissed|resolved|added|converted|converted|enqueued|milestoned|transferred|archived|marked)\b.{0,80}\b${THING}\b`,
    "change",
    NOTHING,
  ),
  rule(
    String.raw`\b${RUN}\b.{0,120}\b(?:succeeded|success|passed|completed|finished|is green|fixed)\b`,
    "change",
    NOTHING,
  ),
];

const ACTOR = /^@?([a-z\d][\w.-]{0,60}(?:\[bot\])?) (?!is\b|was\b|has\b|are\b)[a-z-]+/i;
/** Whoever speaks of themselves or of many reports no event. */
const NO_ACTOR = /^(?:i|we|you|they|he|she|it|the|a|an|your|our|my|this|that|new|please|all|everyone)\b/i;

export function eventIn(headline: string): Event | undefined {
  for (const { says, kind, next } of RULES) {
    const said = says.exec(headline)?.[0];
    if (said === undefined) continue;
    const named = /^\S+ /.test(said) && headline.startsWith(said);
    if (named && NO_ACTOR.test(headline) && !/^new /i.test(said)) continue;
    const actor = NO_ACTOR.test(headline) ? undefined : ACTOR.exec(headline)?.[1];
    return { kind, said, actor: named || /^\S+ requested\b/.test(headline) ? actor : undefined, next };
  }
  return undefined;
}
