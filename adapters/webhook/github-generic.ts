/** The sentence of every event that has none of its own: what it is called, what was done, and what names the thing. */
import { bold } from "./quote.ts";
import { actor, words, type Post, type Told } from "./github-post.ts";

/** What stands beside the thing in every body. */
const AROUND = new Set(["repository", "organization", "sender", "installation", "enterprise", "changes"]);

export function generic(event: string, post: Post): Told {
  const thing = post.has(event)
    ? event
    : (post.names().find((name) => !AROUND.has(name) && isThing(post, name)) ?? event);
  const first = (...names: string[]): string => {
    for (const name of names) if (post.text(`${thing}.${name}`) !== "") return post.text(`${thing}.${name}`);
    return "";
  };
  const name = first("name", "slug", "login", "tag_name");
  return {
    lead: leadOf(post, `the ${words(event)}${name === "" ? "" : ` ${bold(name)}`}`),
    title: first("title", "display_title", "summary", "full_name", "head_ref"),
    body: first("body", "description", "note", "message"),
    url: first("html_url") || post.text("repository.html_url") || post.text("organization.html_url"),
  };
}

/** What was done is mostly one word of the past; what is none stands for itself. */
function leadOf(post: Post, kind: string): string {
  if (/^[a-z]+ed$/.test(post.action)) return `${actor(post)} ${words(post.action)} ${kind}`;
  const deed = post.action === "" ? "" : ` (${words(post.action)})`;
  return `${actor(post)} set off an event of ${kind}${deed}`;
}

const isThing = (post: Post, name: string): boolean =>
  ["id", "node_id", "url", "html_url", "name"].some((field) => post.has(`${name}.${field}`));
