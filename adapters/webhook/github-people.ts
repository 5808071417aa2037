/** Sentences about a repository itself and the people who watch it or work in it. */
import { outcome } from "./github-outcome.ts";
import { bold } from "./quote.ts";
import { actor, named, words, type Post, type Sentence } from "./github-post.ts";

const repository = (post: Post): string => named(post.text("repository.full_name"), "a repository");
const home = (post: Post): string => post.text("repository.html_url");

const starred =
  (did: (post: Post) => string): Sentence =>
  (post) => ({ lead: `${actor(post)} ${did(post)} ${repository(post)}`, placed: true, url: home(post) });

const SHOWN: ReadonlyMap<string, string> = new Map([
  ["privatized", "private"],
  ["publicized", "public"],
]);

const aboutRepository: Sentence = (post) => {
  const before =
    post.text("changes.repository.name.from") ||
    post.text("changes.owner.from.user.login") ||
    post.text("changes.owner.from.organization.login");
  const shown = SHOWN.get(post.action);
  const did =
    shown === undefined
      ? `${words(post.action)} the repository ${repository(post)}`
      : `made the repository ${repository(post)} ${shown}`;
  return {
    lead: `${actor(post)} ${did}${before === "" ? "" : ` (before: ${bold(before)})`}`,
    placed: true,
    body: post.text("repository.description"),
    url: home(post),
  };
};

const aboutPing: Sentence = (post) => ({
  lead: `GitHub set up the webhook${post.has("repository") ? ` of ${repository(post)}` : post.has("organization") ? ` of the organization ${named(post.text("organization.login"), "?")}` : ""} and says hello`,
  placed: true,
  body: post.text("zen"),
  url: home(post) || post.text("organization.html_url"),
});

export const PEOPLE: Readonly<Record<string, Sentence>> = {
  star: starred((post) => (post.action === "deleted" ? "took the star from" : "starred")),
  watch: starred((post) => (post.action === "started" ? "starred" : words(post.action))),
  member: (post) => ({
    lead: `${actor(post)} ${post.action === "edited" ? "changed what" : words(post.action)} ${named(post.text("member.login"), "somebody")} ${post.action === "edited" ? "may do " : ""}as a collaborator`,
    url: home(post),
  }),
  org_block: (post) => ({
    lead: `${actor(post)} ${words(post.action)} ${named(post.text("blocked_user.login"), "somebody")}`,
    url: post.text("blocked_user.html_url"),
  }),
  repository: aboutRepository,
  public: (post) => ({ lead: `${actor(post)} made ${repository(post)} public`, placed: true, url: home(post) }),
  repository_import: (post) => ({
    lead: `The import of ${repository(post)} ${outcome(post.text("status"))} (by ${actor(post)})`,
    placed: true,
    url: home(post),
  }),
  meta: (post) => ({ lead: `${actor(post)} ${words(post.action)} this webhook`, url: home(post) }),
  ping: aboutPing,
};
