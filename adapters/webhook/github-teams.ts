/** Sentences about organizations, their members, teams and queues. */
import { code } from "./quote.ts";
import { actor, firstLine, named, refName, words, type Post, type Sentence } from "./github-post.ts";

const repository = (post: Post): string => named(post.text("repository.full_name"), "a repository");
const team = (post: Post): string => `the team ${named(post.text("team.name"), "without a name")}`;
const organization = (post: Post): string =>
  `the organization ${named(post.text("organization.login"), "without a name")}`;
const home = (post: Post): string => post.text("organization.html_url") || post.text("repository.html_url");

const aboutOrganization: Sentence = (post) => {
  const person = named(post.text("membership.user.login") || post.text("invitation.login"), "somebody");
  const before = post.text("changes.login.from");
  const deeds: Readonly<Record<string, string>> = {
    member_added: `added ${person} to ${organization(post)}`,
    member_removed: `removed ${person} from ${organization(post)}`,
    member_invited: `invited ${person} to ${organization(post)}`,
    renamed: `renamed ${organization(post)}${before === "" ? "" : ` (before: ${named(before, "")})`}`,
  };
  const did = Object.hasOwn(deeds, post.action) ? deeds[post.action] : undefined;
  return {
    lead: `${actor(post)} ${did ?? `${words(post.action)} ${organization(post)}`}`,
    placed: true,
    url: home(post),
  };
};

const aboutTeam: Sentence = (post) => {
  const told = { title: "", body: post.text("team.description"), url: post.text("team.html_url") };
  switch (post.action) {
    case "added_to_repository":
      return { ...told, lead: `${actor(post)} gave ${team(post)} access to ${repository(post)}`, placed: true };
    case "removed_from_repository":
      return {
        ...told,
        lead: `${actor(post)} took the access to ${repository(post)} from ${team(post)}`,
        placed: true,
      };
    default:
      return { ...told, lead: `${actor(post)} ${words(post.action)} ${team(post)}` };
  }
};

const aboutMergeGroup: Sentence = (post) => {
  const branch = code(refName(post.text("merge_group.base_ref")) || "?");
  const asks = post.action === "checks_requested" ? "asks for checks" : `reports: ${words(post.action)}`;
  return {
    lead: `The merge queue of ${branch} ${asks} (set off by ${actor(post)})`,
    title: firstLine(post.text("merge_group.head_commit.message")),
    url: post.text("repository.html_url"),
  };
};

/** For instance `DraftIssue`, as people write it. */
const spaced = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();

export const TEAMS: Readonly<Record<string, Sentence>> = {
  organization: aboutOrganization,
  team: aboutTeam,
  membership: (post) => ({
    lead: `${actor(post)} ${words(post.action)} ${named(post.text("member.login"), "somebody")} ${post.action === "removed" ? "from" : "to"} ${team(post)}`,
    url: post.text("team.html_url"),
  }),
  team_add: (post) => ({
    lead: `${actor(post)} gave ${team(post)} access to ${repository(post)}`,
    placed: true,
    url: post.text("repository.html_url"),
  }),
  merge_group: aboutMergeGroup,
  projects_v2_item: (post) => ({
    lead: `${actor(post)} ${words(post.action)} an item of a project (${words(spaced(post.text("projects_v2_item.content_type")))})`,
    url: home(post),
  }),
};
