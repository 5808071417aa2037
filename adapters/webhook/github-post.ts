/** GitHub's body, read by paths: nothing in it is certain to be there, and nothing is taken for more than text. */
import { bold, code, inline } from "./quote.ts";
import { isRecord } from "./record.ts";

export interface Post {
  /** For instance `opened`; "" for events that have no actions. */
  readonly action: string;
  /** The words or the number at a path such as `issue.title`; "" when there are none. */
  text(path: string): string;
  isTrue(path: string): boolean;
  has(path: string): boolean;
  /** The objects of an array; empty when there is none. */
  list(path: string): readonly Post[];
  /** The names of what the body holds, in its order. */
  names(): readonly string[];
}

/** What a sentence makes of a post. */
export type Told = {
  /** Who did what to which thing: Markdown without the full stop, all foreign words in it escaped. */
  readonly lead: string;
  /** True where the lead names the repository itself. */
  readonly placed?: boolean;
  /** As they came. */
  readonly title?: string;
  readonly body?: string;
  readonly url?: string;
  /** Markdown, all foreign words in it escaped. */
  readonly items?: readonly string[];
};

export type Sentence = (post: Post) => Told;

export function createPost(body: unknown): Post {
  const at = (path: string): unknown => {
    let value = body;
    for (const name of path.split(".")) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return value;
  };
  const text = (path: string): string => {
    const value = at(path);
    return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  };
  return {
    action: text("action"),
    text,
    isTrue: (path) => at(path) === true,
    has: (path) => at(path) !== undefined && at(path) !== null,
    list: (path) => {
      const value = at(path);
      return Array.isArray(value) ? value.filter(isRecord).map(createPost) : [];
    },
    names: () => (isRecord(body) ? Object.keys(body) : []),
  };
}

/** Who did it. */
export const actor = (post: Post): string => named(post.text("sender.login"), "Somebody");

/** A name in bold, or words of ours where there is none. */
export const named = (name: string, otherwise: string): string => (name === "" ? otherwise : bold(name));

/** GitHub's word for something, such as `review_requested`, as people write it. */
export const words = (name: string): string => inline(name.replaceAll("_", " ")) || "something";

/** A commit by the beginning of its hash. */
export const commit = (sha: string): string => code(sha.slice(0, 7) || "unknown");

/** A branch or tag without the path that Git gives it. */
export const refName = (ref: string): string => ref.replace(/^refs\/(?:heads|tags)\//, "");

/** The first line of what may be long. */
export const firstLine = (text: string): string => text.split(/[\r\n]/)[0] ?? "";
