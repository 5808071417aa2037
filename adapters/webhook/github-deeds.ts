/** What can be done to an issue, a pull request or a discussion, in words. Used by the sentences about them. */
import { code, inline } from "./quote.ts";
import { actor, named, words, type Post } from "./github-post.ts";

type Deed = (post: Post, thing: string) => string;

const reviewer = (post: Post): string =>
  named(post.text("requested_reviewer.login") || post.text("requested_team.name"), "somebody");
const person = (post: Post): string => named(post.text("assignee.login"), "somebody");
const label = (post: Post): string => code(post.text("label.name") || "?");

const DEEDS: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ["assigned", (post, thing) => `assigned ${person(post)} to ${thing}`],
  ["unassigned", (post, thing) => `took ${person(post)} off ${thing}`],
  ["labeled", (post, thing) => `put the label ${label(post)} on ${thing}`],
  ["unlabeled", (post, thing) => `took the label ${label(post)} off ${thing}`],
  ["milestoned", (post, thing) => `added ${thing} to the milestone ${named(post.text("milestone.title"), "?")}`],
  ["demilestoned", (post, thing) => `took ${thing} out of the milestone ${named(post.text("milestone.title"), "?")}`],
  ["synchronize", (_, thing) => `pushed new commits to ${thing}`],
  ["converted_to_draft", (_, thing) => `turned ${thing} into a draft`],
  ["ready_for_review", (_, thing) => `marked ${thing} as ready for review`],
  ["review_requested", (post, thing) => `asked ${reviewer(post)} to review ${thing}`],
  ["review_request_removed", (post, thing) => `no longer asks ${reviewer(post)} to review ${thing}`],
  ["auto_merge_enabled", (_, thing) => `lets ${thing} merge by itself when it is ready`],
  ["auto_merge_disabled", (_, thing) => `no longer lets ${thing} merge by itself`],
  [
    "category_changed",
    (post, thing) => `moved ${thing} to ${named(post.text("discussion.category.name"), "another category")}`,
  ],
  ["answered", (_, thing) => `marked an answer to ${thing}`],
  ["unanswered", (_, thing) => `took back the answer to ${thing}`],
]);

/** For instance `**octocat** opened the issue #7`. */
export function deed(post: Post, thing: string): string {
  const did = DEEDS.get(post.action);
  return `${actor(post)} ${did ? did(post, thing) : `${words(post.action)} ${thing}`}`;
}

/** For instance `the issue #7`. */
export const numbered = (kind: string, number: string): string => `the ${kind} #${inline(number || "?")}`;
