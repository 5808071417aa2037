/** Tells whoever asked for posts that they were given up, whatever ended them: one message to each, and none twice. Called by post-round.ts. */
import type { Announcements, GivenUp, People, WebhookPosts } from "#core";

export type GivenUpDeps = {
  readonly webhookPosts: Pick<WebhookPosts, "untold" | "told">;
  readonly announcements: Pick<Announcements, "say">;
  readonly people: Pick<People, "all">;
};

const MOST_NAMED = 20;

export async function tellGivenUp({ webhookPosts, announcements, people }: GivenUpDeps): Promise<void> {
  const untold = await webhookPosts.untold();
  for (const posts of Map.groupBy(untold, ({ tenant, person, receiver, is }) =>
    [tenant, person, receiver, is].join(" "),
  ).values()) {
    const [first] = posts;
    if (!first) continue;
    const to = (await people.all(first.tenant)).find(({ id }) => id === first.person);
    // Should this process die before it is noted, the same ones are found again, and told under the same key.
    if (to) await announcements.say({ key: keyOf(posts), to, address: null, text: textOf(first, posts), agent: null });
    await webhookPosts.told(posts);
  }
}

/** While they are untold there may only be more of them, and one that was replayed has more attempts. */
function keyOf(posts: readonly GivenUp[]): string {
  const attempts = posts.reduce((sum, post) => sum + post.attempts, 0);
  return `webhook:${posts[0]?.id}:${posts.at(-1)?.id}:${posts.length}:${attempts}`;
}

function textOf(first: GivenUp, posts: readonly GivenUp[]): string {
  const [what, them] =
    posts.length === 1
      ? [`The post \`${first.event}\` did not arrive at **${first.receiver}** (${reasonOf(first)})`, "it"]
      : [`${posts.length} posts did not arrive at **${first.receiver}**: ${listOf(posts)}`, "them"];
  return `${what}; I have given ${them} up. ${whatNow(first, them)}`;
}

function listOf(posts: readonly GivenUp[]): string {
  const named = posts.slice(0, MOST_NAMED).map((post) => `\`${post.event}\` (${post.id}, ${reasonOf(post)})`);
  const more = posts.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function reasonOf({ code }: GivenUp): string {
  if (code === "removed") return "it was removed";
  return code === "disabled" ? "nothing goes there any more" : code;
}

function whatNow({ is, receiver, id }: GivenUp, them: string): string {
  const replay =
    them === "it"
      ? `\`nova receivers replay ${id}\` sends it again`
      : "`nova receivers replay <number>` sends one again";
  switch (is) {
    case "active":
      return `${replay}.`;
    case "disabled":
      return `\`nova receivers rotate ${receiver}\` opens it again; then ${replay}.`;
    case "removed":
      return `That receiver is no more: should it go elsewhere, ask for it again.`;
  }
}
