/** The check of ops-watch: figures and ids of turns stand in a report, a trace or the question. */
import { defineAgentCode, strayFigures } from "#core";

const TURN = /\bt(\d{1,18})\b/gi;

export default defineAgentCode({
  check({ ask, history }, answer, results) {
    const sources = [...results, ask.words, ask.now.toISOString(), ...history.map((message) => message.text)];
    const known = new Set(sources.flatMap((source) => idsIn(source)));
    const unknown = idsIn(answer).find((id) => !known.has(id));
    if (unknown !== undefined) return `The turn t${unknown} stands in no report. Name only turns that a tool returned.`;
    const stray = strayFigures(answer, sources);
    if (stray.length === 0) return undefined;
    return `These figures stand in no report: ${stray.slice(0, 5).join(", ")}. Give only figures that a tool returned.`;
  },
});

/** Ids of turns, also where only the number is written: "turn 31". */
function idsIn(text: string): string[] {
  const named = [...text.matchAll(/\bturn (\d{1,18})\b/gi)].map(([, digits = ""]) => digits);
  return [...named, ...[...text.matchAll(TURN)].map(([, digits = ""]) => digits)];
}
