/** Sentences about commits, branches, tags, forks and releases. */
import { bold, code, inline } from "./quote.ts";
import { actor, commit, firstLine, named, refName, words, type Post, type Sentence } from "./github-post.ts";

const MOST_COMMITS = 3;
const MOST_PAGES = 10;

const branchOrTag = (ref: string): string =>
  ref === ""
    ? "a branch without a name"
    : `the ${ref.startsWith("refs/tags/") ? "tag" : "branch"} ${code(refName(ref))}`;

function commitLines(commits: readonly Post[]): readonly string[] {
  const lines = commits.slice(0, MOST_COMMITS).map((each) => {
    const by = each.text("author.username") || each.text("author.name");
    return `- ${commit(each.text("id"))} ${inline(firstLine(each.text("message")))}${by === "" ? "" : ` (${inline(by)})`}`;
  });
  const left = commits.length - lines.length;
  return left === 0 ? lines : [...lines, `- … and ${left} more`];
}

const aboutPush: Sentence = (post) => {
  const commits = post.list("commits");
  const target = branchOrTag(post.text("ref"));
  const count = `${commits.length} ${commits.length === 1 ? "commit" : "commits"}`;
  const by = named(post.text("sender.login") || post.text("pusher.name"), "Somebody");
  const url = post.text("compare");
  if (post.isTrue("deleted")) return { lead: `${by} deleted ${target}`, url };
  if (post.text("ref") === "" && commits.length === 0) {
    return { lead: `${by} pushed, and the post names neither a branch nor a commit`, url };
  }
  const did = post.isTrue("created")
    ? `created ${target}${commits.length === 0 ? "" : ` with ${count}`}`
    : `${post.isTrue("forced") ? "force-pushed" : "pushed"} ${count} to ${target}`;
  return { lead: `${by} ${did}`, items: commitLines(commits), url };
};

/** A branch or tag came or went. */
const aboutRef =
  (did: string): Sentence =>
  (post) => ({
    lead: `${actor(post)} ${did} the ${words(post.text("ref_type") || "branch")} ${code(refName(post.text("ref")) || "?")}`,
    url: post.text("repository.html_url"),
  });

const aboutRelease: Sentence = (post) => {
  const kind = post.isTrue("release.draft")
    ? "draft release"
    : post.isTrue("release.prerelease")
      ? "pre-release"
      : "release";
  return {
    lead: `${actor(post)} ${/^(?:pre)?released$/.test(post.action) ? "published" : words(post.action)} the ${kind} ${code(post.text("release.tag_name") || "?")}`,
    title: post.text("release.name"),
    body: post.text("release.body"),
    url: post.text("release.html_url"),
  };
};

export const CODE: Readonly<Record<string, Sentence>> = {
  push: aboutPush,
  create: aboutRef("created"),
  delete: aboutRef("deleted"),
  fork: (post) => ({
    lead: `${actor(post)} forked ${bold(post.text("repository.full_name") || "?")} to ${bold(post.text("forkee.full_name") || "?")}`,
    placed: true,
    body: post.text("forkee.description"),
    url: post.text("forkee.html_url"),
  }),
  release: aboutRelease,
  gollum: (post) => ({
    lead: `${actor(post)} changed the wiki`,
    items: post
      .list("pages")
      .slice(0, MOST_PAGES)
      .map((page) => `- ${words(page.text("action"))}: ${inline(page.text("title") || page.text("page_name"))}`),
    url: post.list("pages")[0]?.text("html_url") ?? "",
  }),
  package: (post) => ({
    lead: `${actor(post)} ${words(post.action)} the package ${bold(post.text("package.name") || "?")} ${code(post.text("package.package_version.version") || "?")}`,
    body: post.text("package.package_version.summary") || post.text("package.description"),
    url: post.text("package.html_url"),
  }),
};
