/** The summariser's check: a point may hold no figure that the text does not hold. */
import { defineAgentCode, strayFigures } from "#core";

export default defineAgentCode({
  check({ ask, history }, answer) {
    // A line that ends in a colon introduces the points and speaks of the summary itself.
    const points = answer.split("\n").filter((line) => !line.trimEnd().endsWith(":"));
    const stray = strayFigures(points.join("\n"), [ask.words, ...history.map((message) => message.text)]);
    if (stray.length === 0) return undefined;
    return `These figures do not stand in the text: ${stray.slice(0, 5).join(", ")}. Keep to what the text says.`;
  },
});
