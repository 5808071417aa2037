/** Sentences about what is installed, bought and sponsored on GitHub. */
import { bold, inline } from "./quote.ts";
import { actor, named, words, type Post, type Sentence } from "./github-post.ts";

type Deed = (post: Post) => string;

const app = (post: Post): string => named(post.text("installation.app_slug"), "a GitHub app");
const account = (post: Post): string => named(post.text("installation.account.login"), "somebody");
const before = (name: string): string => (name === "" ? "" : ` (before: ${bold(name)})`);
const listed = (list: readonly Post[], what: string): readonly string[] =>
  list.slice(0, 20).map((each) => `- ${what} ${inline(each.text("full_name") || each.text("name"))}`);

const INSTALLED: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ["created", (post) => `installed ${app(post)} for ${account(post)}`],
  ["deleted", (post) => `removed ${app(post)} from ${account(post)}`],
  ["suspend", (post) => `suspended ${app(post)} for ${account(post)}`],
  ["unsuspend", (post) => `let ${app(post)} work again for ${account(post)}`],
  ["new_permissions_accepted", (post) => `accepted new permissions of ${app(post)} for ${account(post)}`],
]);

const plan = (post: Post): string => named(post.text("marketplace_purchase.plan.name"), "without a name");
const planBefore = (post: Post): string => before(post.text("previous_marketplace_purchase.plan.name"));
const BOUGHT: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ["changed", (post) => `changed to the plan ${plan(post)}${planBefore(post)}`],
  ["pending_change", (post) => `will change to the plan ${plan(post)}${planBefore(post)}`],
  ["pending_change_cancelled", (post) => `keeps the plan ${plan(post)}`],
]);

const sponsored = (post: Post): string => named(post.text("sponsorship.sponsorable.login"), "somebody");
const tier = (post: Post): string => bold(post.text("sponsorship.tier.name") || "?");
const tierBefore = (post: Post): string => before(post.text("changes.tier.from.name"));
const SPONSORED: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ["created", (post) => `began to sponsor ${sponsored(post)} (${tier(post)})`],
  ["cancelled", (post) => `no longer sponsors ${sponsored(post)} (${tier(post)})`],
  ["tier_changed", (post) => `sponsors ${sponsored(post)} with ${tier(post)} now${tierBefore(post)}`],
  ["pending_cancellation", (post) => `will no longer sponsor ${sponsored(post)} (${tier(post)})`],
  ["pending_tier_change", (post) => `will sponsor ${sponsored(post)} with another tier than ${tier(post)}`],
]);

export const APPS: Readonly<Record<string, Sentence>> = {
  installation: (post) => ({
    lead: `${actor(post)} ${INSTALLED.get(post.action)?.(post) ?? `${words(post.action)} ${app(post)} for ${account(post)}`}`,
    items: listed(post.list("repositories"), "with"),
    url: post.text("installation.html_url"),
  }),
  installation_repositories: (post) => ({
    lead: `${actor(post)} ${post.action === "removed" ? `took access to repositories from ${app(post)}` : `gave ${app(post)} access to repositories`}`,
    items: [
      ...listed(post.list("repositories_added"), "added"),
      ...listed(post.list("repositories_removed"), "removed"),
    ],
    url: post.text("installation.html_url"),
  }),
  github_app_authorization: (post) => ({ lead: `${actor(post)} ${words(post.action)} the authorization of the app` }),
  marketplace_purchase: (post) => ({
    lead: `${named(post.text("marketplace_purchase.account.login"), "Somebody")} ${BOUGHT.get(post.action)?.(post) ?? `${words(post.action)} the plan ${plan(post)}`} on the marketplace (by ${actor(post)})`,
  }),
  sponsorship: (post) => ({
    lead: `${named(post.text("sponsorship.sponsor.login"), "Somebody")} ${SPONSORED.get(post.action)?.(post) ?? `${words(post.action)} the sponsorship of ${sponsored(post)} (${tier(post)})`}`,
    url: post.text("sponsorship.sponsor.html_url"),
  }),
};
