/** Whom a model may choose from, and what it is told of them: the likeliest by the words, the last one, the general agent. Called by model.ts. */
import { terms, type AgentId, type AgentSpec, type Candidate, type Shortlisted } from "#core";
import { GENERAL } from "./names.ts";

const LIKELIEST = 6;
const MOST = 8;
const EXAMPLES = 3;
/** Characters of an example; what is pasted under it says nothing more. */
const EXAMPLE = 160;

export function shortlistOf(
  words: string,
  agents: readonly AgentSpec[],
  { candidates, last }: { readonly candidates: readonly Candidate[]; readonly last: AgentId | null },
): readonly Shortlisted[] {
  const scores = new Map<string, number>(candidates.map(({ agent, score }) => [agent, score]));
  const ranked = agents.toSorted((a, b) => (scores.get(b.id) ?? 0) - (scores.get(a.id) ?? 0));
  const always = agents.filter(({ id }) => id === last || id === GENERAL);
  const chosen = new Set([...always, ...ranked.slice(0, LIKELIEST)]);
  const asked = new Set(terms(words));
  return agents
    .filter((agent) => chosen.has(agent))
    .slice(0, MOST)
    .map((agent) => {
      const { id, name, purpose, useWhen } = agent;
      return { id, name, purpose, useWhen, examples: nearest(agent, asked) };
    });
}

/** Those that share most words with what was asked; the first ones where none does. */
function nearest({ skills }: AgentSpec, asked: ReadonlySet<string>): readonly string[] {
  return skills
    .flatMap(({ examples }) => examples)
    .map((text) => ({ text, likeness: likeness(terms(text), asked) }))
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, EXAMPLES)
    .map(({ text }) => text.replaceAll(/\s+/g, " ").slice(0, EXAMPLE));
}

function likeness(said: readonly string[], asked: ReadonlySet<string>): number {
  const shared = new Set(said.filter((term) => asked.has(term))).size;
  return shared === 0 ? 0 : shared / Math.sqrt(said.length);
}
