/** An answer that was given although a tool had failed: whether it says so, and the line that does. Pure; used by answer-check.ts and weaken.ts. */

/** To have found nothing says nothing of a failure: "I could not find any" does not count. */
const LOOKS = String.raw`(?:look|search|check|reach|read|load|access|fetch|list|calculat|comput|find out|work (?:it |this |that )?out)`;
const TELLS = new RegExp(
  [
    String.raw`\bfail(?:ed|s|ure)\b`,
    String.raw`\b(?:could not|couldn['’]t|cannot|can['’]t|unable to|not able to) (?:\w+ )?(?:be )?${LOOKS}`,
    String.raw`\b(?:did not|didn['’]t|does not|doesn['’]t) (?:answer|respond|work)\b`,
    String.raw`\btimed out\b|\bout of (?:reach|order)\b|\bunavailable\b`,
    String.raw`\bfehlgeschlagen\b|\bkonnte[^.!?]* nicht (?:nachsehen|nachschlagen|suchen|erreichen|lesen|laden|abrufen|prüfen|berechnen)`,
  ].join("|"),
  "i",
);

export const tellsOfFailure = (answer: string): boolean => TELLS.test(answer);

/** Under the answer, for people. */
export const failedLine = (tools: readonly string[]): string =>
  `*I could not look everything up: ${tools.map((tool) => tool.replaceAll("_", " ")).join(", ")} failed just now. What rests on it is missing here, or not certain.*`;
