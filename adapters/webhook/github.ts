/** What a GitHub event says: one sentence of who did what, then its title, its words quoted, and where it is. Pure. */
import type { Ignored } from "#core";
import { ALERTS } from "./github-alerts.ts";
import { APPS } from "./github-apps.ts";
import { BUILDS } from "./github-builds.ts";
import { CODE } from "./github-code.ts";
import { generic } from "./github-generic.ts";
import { PEOPLE } from "./github-people.ts";
import { createPost, type Post, type Sentence, type Told } from "./github-post.ts";
import { TALK } from "./github-talk.ts";
import { TEAMS } from "./github-teams.ts";
import { bold, code, inline, link, quote } from "./quote.ts";
import { isRecord } from "./record.ts";
import { MAIN, type Said } from "./said.ts";

const SENTENCES: ReadonlyMap<string, Sentence> = new Map(
  Object.entries({ ...TALK, ...CODE, ...BUILDS, ...ALERTS, ...PEOPLE, ...TEAMS, ...APPS }),
);
const REPOSITORY = /^[\w.-]{1,100}\/[\w.-]{1,100}$/;

export function readGithub(event: string, body: unknown): Said | Ignored {
  if (!isRecord(body)) return { ignored: "The body must be a JSON object, as GitHub sends it." };
  const post = createPost(body);
  const repository = post.text("repository.full_name");
  if (isBlank(body))
    return {
      text: `GitHub sent ${event === "" ? "an event" : `the event ${code(event)}`} and nothing to read with it.`,
      conversation: MAIN,
    };
  const told = SENTENCES.get(event)?.(post) ?? generic(event, post);
  return { text: write(told, post), conversation: REPOSITORY.test(repository) ? repository : MAIN };
}

/** True where no word and no number stands anywhere; what nests deeply is not looked through. */
function isBlank(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return value === null || value === "";
  return depth < 5 && Object.values(value).every((inner) => isBlank(inner, depth + 1));
}

function write({ lead, placed = false, title = "", body = "", url = "", items = [] }: Told, post: Post): string {
  return [
    `${lead}${placed ? "" : where(post)}.`,
    title === "" ? "" : `Title: ${inline(title, 300)}`,
    items.join("\n"),
    quote(body),
    link(url),
  ]
    .filter((block) => block !== "")
    .join("\n\n");
}

function where(post: Post): string {
  const repository = post.text("repository.full_name");
  if (repository !== "") return ` in ${bold(repository)}`;
  const organization = post.text("organization.login");
  return organization === "" ? "" : ` in the organization ${bold(organization)}`;
}
