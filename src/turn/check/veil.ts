/** A draft without sentences that claim a deed and links whose source is not known yet: both are known at its end. Made by leg.ts for each run. */
import type { AgentStep } from "#core";
import { claimsIn, maySay, type DeedFacts } from "./deeds.ts";
import { linkSources, standingIn, type LinkGround } from "./link-ground.ts";
import { onlyLinks, LEFT_OUT } from "./links.ts";
import { withoutWords } from "./weaken.ts";

/** As far as a draft was looked at; it grows, and is shown whole every time. */
type Looked = {
  /** What has ended of it, and the same as it is shown. */
  readonly raw: string;
  readonly shown: string;
};

/** Longer without an end, a sentence that may claim something is not waited for. */
const LONGEST = 2_000;
/** In the place of a link that is looked at when the answer is whole. */
const LATER = "(link)";
const ENDED = /\n|[.!?…]["'”’»)\]*_]{0,4}(?=\s)/g;

/** Each sentence is looked at once, when it has ended; until then it is shown only while it holds no word of a deed. */
export function createVeil(step: LinkGround & Pick<AgentStep, "taints" | "tools">): (draft: string) => string {
  const { agent, ask, taints, tools } = step;
  const facts: DeedFacts = {
    deeds: [],
    asked: "",
    kept: false,
    keptAnyway: false,
    forgot: false,
    onText: agent.domain === "language",
    onRecords: false,
    told: [ask.words],
    results: [],
    items: [],
  };
  // Whoever looks things up may have read what nobody vouches for, and what it found is not known here.
  const mayLink = taints.length === 0 && tools.length === 0;
  const stands = mayLink ? () => true : standingIn(linkSources(step));
  const unlinked = (piece: string): string => (mayLink ? piece : onlyLinks(piece, stands).replaceAll(LEFT_OUT, LATER));
  const veiled = (whole: string): string => {
    const piece = unlinked(whole);
    const claims = claimsIn(piece, facts).map(({ text }) => text);
    if (claims.length === 0) return piece;
    const left = withoutWords(piece, claims);
    return left === "" ? "" : left + (piece.endsWith("\n") ? "\n" : "");
  };
  let looked: Looked = { raw: "", shown: "" };
  return (draft) => {
    if (!draft.startsWith(looked.raw)) looked = { raw: "", shown: "" };
    const rest = draft.slice(looked.raw.length);
    const end = [...rest.matchAll(ENDED)].reduce((_, { index, 0: stop }) => index + stop.length, 0);
    const ended = rest.slice(0, end);
    if (end > 0)
      looked = {
        raw: looked.raw + ended,
        shown:
          looked.shown +
          ended
            .split(/(?<=\n)/)
            .map(veiled)
            .join(""),
      };
    const tail = rest.slice(end);
    if (tail.length > LONGEST) looked = { raw: draft, shown: looked.shown + veiled(tail) };
    return looked.raw === draft ? looked.shown : looked.shown + (maySay(tail) ? "" : unlinked(tail));
  };
}
