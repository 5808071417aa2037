/** The analyst's check: a figure that stands in no tool's result and not in the person's words was made up. */
import { defineAgentCode, strayFigures } from "#core";

export default defineAgentCode({
  check({ ask, history }, answer, results) {
    const today = ask.now.toISOString().slice(0, 10);
    const said = history.map((message) => message.text);
    const [stray, ...more] = strayFigures(answer, [...results, ask.words, ...said, today]);
    if (stray === undefined) return undefined;
    const figures = [stray, ...more].slice(0, 5).join(", ");
    return `These figures come from no tool and not from the person: ${figures}. Work them out with a tool, or leave them out.`;
  },
});
