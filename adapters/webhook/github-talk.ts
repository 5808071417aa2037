/** Sentences about issues, pull requests, discussions, and what is said in them. */
import { code, inline } from "./quote.ts";
import { deed, numbered } from "./github-deeds.ts";
import { actor, commit, words, type Post, type Sentence, type Told } from "./github-post.ts";

const pullRequest = (post: Post): string => numbered("pull request", post.text("pull_request.number"));

const aboutPullRequest: Sentence = (post) => {
  const isMerged = post.action === "closed" && post.isTrue("pull_request.merged");
  const branches = `${code(post.text("pull_request.head.ref") || "?")} into ${code(post.text("pull_request.base.ref") || "?")}`;
  return {
    lead: `${isMerged ? `${actor(post)} merged ${pullRequest(post)}` : deed(post, pullRequest(post))} (${branches})`,
    title: post.text("pull_request.title"),
    body: post.text("pull_request.body"),
    url: post.text("pull_request.html_url"),
  };
};

const REVIEWS: ReadonlyMap<string, string> = new Map([
  ["approved", "approved"],
  ["changes_requested", "asked for changes to"],
  ["commented", "reviewed"],
]);

const aboutReview: Sentence = (post) => {
  const did = post.action === "submitted" ? REVIEWS.get(post.text("review.state").toLowerCase()) : undefined;
  return {
    lead: `${actor(post)} ${did ?? `${words(post.action)} a review of`} ${pullRequest(post)}`,
    title: post.text("pull_request.title"),
    body: post.text("review.body"),
    url: post.text("review.html_url"),
  };
};

const aboutThread: Sentence = (post) => ({
  lead: `${actor(post)} ${post.action === "unresolved" ? "reopened" : words(post.action)} a conversation about ${pullRequest(post)}`,
  title: post.text("pull_request.title"),
  body: post.list("thread.comments")[0]?.text("body") ?? "",
  url: post.list("thread.comments")[0]?.text("html_url") ?? post.text("pull_request.html_url"),
});

const aboutIssue: Sentence = (post) => ({
  lead: deed(post, numbered("issue", post.text("issue.number"))),
  title: post.text("issue.title"),
  body: post.text("issue.body"),
  url: post.text("issue.html_url"),
});

const aboutDiscussion: Sentence = (post) => ({
  lead: deed(post, numbered("discussion", post.text("discussion.number"))),
  title: post.text("discussion.title"),
  body: (post.action === "answered" && post.text("answer.body")) || post.text("discussion.body"),
  url: post.text("discussion.html_url"),
});

/** What was said, and on which thing. */
function comment(post: Post, thing: string, title: string): Told {
  const did = post.action === "created" ? "commented on" : `${words(post.action)} a comment on`;
  return {
    lead: `${actor(post)} ${did} ${thing}`,
    title,
    body: post.text("comment.body"),
    url: post.text("comment.html_url"),
  };
}

const onLine = (post: Post): string => {
  const line = post.text("comment.line") || post.text("comment.original_line");
  const path = post.text("comment.path");
  return path === "" ? "" : `, ${code(path)}${line === "" ? "" : ` line ${inline(line)}`}`;
};

const onIssue: Sentence = (post) => {
  const kind = post.has("issue.pull_request") ? "pull request" : "issue";
  return comment(post, numbered(kind, post.text("issue.number")), post.text("issue.title"));
};

export const TALK: Readonly<Record<string, Sentence>> = {
  pull_request: aboutPullRequest,
  pull_request_review: aboutReview,
  pull_request_review_thread: aboutThread,
  pull_request_review_comment: (post) =>
    comment(post, pullRequest(post) + onLine(post), post.text("pull_request.title")),
  issues: aboutIssue,
  issue_comment: onIssue,
  discussion: aboutDiscussion,
  discussion_comment: (post) =>
    comment(post, numbered("discussion", post.text("discussion.number")), post.text("discussion.title")),
  commit_comment: (post) => comment(post, `the commit ${commit(post.text("comment.commit_id"))}${onLine(post)}`, ""),
};
