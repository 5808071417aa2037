/** Sentences about security alerts. A leaked secret itself is never repeated. */
import { bold, code, inline } from "./quote.ts";
import { actor, named, refName, words, type Post, type Sentence } from "./github-post.ts";

const number = (post: Post): string => `#${inline(post.text("alert.number") || "?")}`;
const severity = (level: string): string => (level === "" ? "" : ` (severity ${bold(level)})`);

/** What GitHub names by a word that is none of the past. */
const DONE: ReadonlyMap<string, string> = new Map([
  ["create", "created"],
  ["dismiss", "dismissed"],
  ["resolve", "resolved"],
  ["reopen", "reopened"],
  ["auto_dismissed", "dismissed by a rule"],
  ["auto_reopened", "reopened by a rule"],
  ["closed_by_user", "closed by a person"],
  ["reopened_by_user", "reopened by a person"],
  ["appeared_in_branch", "found once more"],
  ["publicly_leaked", "found in public"],
]);
const done = (action: string): string => DONE.get(action) ?? words(action);

function onRef(ref: string): string {
  const request = /^refs\/pull\/(\d{1,10})\//.exec(ref)?.[1];
  if (request !== undefined) return ` in the pull request #${request}`;
  return ref === "" ? "" : ` on ${code(refName(ref))}`;
}

const aboutDependency: Sentence = (post) => ({
  lead: `The Dependabot alert ${number(post)} about ${named(post.text("alert.dependency.package.name"), "a dependency")} in ${code(post.text("alert.dependency.manifest_path") || "?")} was ${done(post.action)}${severity(post.text("alert.security_advisory.severity"))}`,
  title: post.text("alert.security_advisory.summary"),
  body: post.text("alert.security_advisory.description"),
  url: post.text("alert.html_url"),
});

const aboutCode: Sentence = (post) => ({
  lead: `The code scanning alert ${number(post)} of ${named(post.text("alert.tool.name"), "a tool")} was ${done(post.action)}${onRef(post.text("ref"))}${severity(post.text("alert.rule.security_severity_level") || post.text("alert.rule.severity"))}`,
  title: post.text("alert.rule.description"),
  body: post.text("alert.most_recent_instance.message.text") || post.text("alert.rule.full_description"),
  url: post.text("alert.html_url"),
});

const aboutSecret: Sentence = (post) => ({
  lead: `The secret scanning alert ${number(post)} about ${named(post.text("alert.secret_type_display_name") || post.text("alert.secret_type"), "a secret")} was ${done(post.action)} (by ${actor(post)})`,
  title: post.text("alert.resolution").replaceAll("_", " "),
  url: post.text("alert.html_url"),
});

export const ALERTS: Readonly<Record<string, Sentence>> = {
  dependabot_alert: aboutDependency,
  code_scanning_alert: aboutCode,
  secret_scanning_alert: aboutSecret,
  repository_vulnerability_alert: (post) => ({
    lead: `The vulnerability alert about ${named(post.text("alert.affected_package_name"), "a package")} ${code(post.text("alert.affected_range") || "?")} was ${done(post.action)}${severity(post.text("alert.severity"))}`,
    title: post.text("alert.external_identifier"),
    url: post.text("alert.external_reference"),
  }),
  security_advisory: (post) => ({
    lead: `The security advisory ${code(post.text("security_advisory.ghsa_id") || "?")} was ${done(post.action)}${severity(post.text("security_advisory.severity"))}`,
    title: post.text("security_advisory.summary"),
    body: post.text("security_advisory.description"),
    url: post.text("security_advisory.html_url") || (post.list("security_advisory.references")[0]?.text("url") ?? ""),
  }),
};
