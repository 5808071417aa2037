/** Sentences about a repository itself and the people around it. */
import { bold, inline } from "./quote.ts";
import { actor, named, words, type Post, type Sentence } from "./github-post.ts";

const repository = (post: Post): string => named(post.text("repository.full_name"), "a repository");
const home = (post: Post): string => post.text("repository.html_url");

const app = (post: Post): string => named(post.text("installation.app_slug"), "a GitHub app");

const starred =
  (did: (post: Post) => string): Sentence =>
  (post) => ({ lead: `${actor(post)} ${did(post)} ${repository(post)}`, placed: true, url: home(post) });

const aboutRepository: Sentence = (post) => {
  const before =
    post.text("changes.repository.name.from") ||
    post.text("changes.owner.from.user.login") ||
    post.text("changes.owner.from.organization.login");
  return {
    lead: `${actor(post)} ${words(post.action)} the repository ${repository(post)}${before === "" ? "" : ` (before: ${bold(before)})`}`,
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

const count = (list: readonly Post[], what: string): readonly string[] =>
  list.slice(0, 20).map((each) => `- ${what} ${inline(each.text("full_name") || each.text("name"))}`);

export const PEOPLE: Readonly<Record<string, Sentence>> = {
  star: starred((post) => (post.action === "deleted" ? "took the star from" : "starred")),
  watch: starred((post) => (post.action === "started" ? "starred" : words(post.action))),
  member: (post) => ({
    lead: `${actor(post)} ${words(post.action)} ${named(post.text("member.login"), "somebody")} as a collaborator`,
    url: home(post),
  }),
  membership: (post) => ({
    lead: `${actor(post)} ${words(post.action)} ${named(post.text("member.login"), "somebody")} ${post.action === "removed" ? "from" : "to"} the team ${named(post.text("team.name"), "?")}`,
    url: post.text("team.html_url"),
  }),
  organization: (post) => ({
    lead: `${actor(post)}: ${words(post.action)} ${named(post.text("membership.user.login") || post.text("invitation.login"), "")}`.trimEnd(),
    url: post.text("organization.html_url"),
  }),
  org_block: (post) => ({
    lead: `${actor(post)} ${words(post.action)} ${named(post.text("blocked_user.login"), "somebody")}`,
    url: post.text("blocked_user.html_url"),
  }),
  repository: aboutRepository,
  public: (post) => ({ lead: `${actor(post)} made ${repository(post)} public`, placed: true, url: home(post) }),
  repository_import: (post) => ({
    lead: `The import of ${repository(post)} ended with ${bold(post.text("status") || "?")} (by ${actor(post)})`,
    placed: true,
    url: home(post),
  }),
  team_add: (post) => ({
    lead: `${actor(post)} gave the team ${named(post.text("team.name"), "?")} access to ${repository(post)}`,
    placed: true,
    url: home(post),
  }),
  installation: (post) => ({
    lead: `The installation of ${app(post)} for ${named(post.text("installation.account.login"), "somebody")} got the action ${words(post.action)} (by ${actor(post)})`,
    items: count(post.list("repositories"), "with"),
    url: post.text("installation.html_url"),
  }),
  installation_repositories: (post) => ({
    lead: `${actor(post)} ${words(post.action)} repositories of ${app(post)}`,
    items: [...count(post.list("repositories_added"), "added"), ...count(post.list("repositories_removed"), "removed")],
    url: post.text("installation.html_url"),
  }),
  github_app_authorization: (post) => ({ lead: `${actor(post)} ${words(post.action)} the authorization of the app` }),
  meta: (post) => ({ lead: `${actor(post)} ${words(post.action)} this webhook`, url: home(post) }),
  marketplace_purchase: (post) => ({
    lead: `${named(post.text("marketplace_purchase.account.login"), "Somebody")} ${words(post.action)} the plan ${named(post.text("marketplace_purchase.plan.name"), "?")} on the marketplace (by ${actor(post)})`,
  }),
  sponsorship: (post) => ({
    lead: `${named(post.text("sponsorship.sponsor.login"), "Somebody")}'s sponsorship of ${named(post.text("sponsorship.sponsorable.login"), "somebody")} (${bold(post.text("sponsorship.tier.name") || "?")}) got the action ${words(post.action)}`,
    url: post.text("sponsorship.sponsor.html_url"),
  }),
  ping: aboutPing,
};
