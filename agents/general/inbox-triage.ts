/** The code of inbox-triage: what arrived is sorted by rule, so that no word of it can steer anything. */
import { defineAgentCode, strayFigures } from "#core";
import { report } from "./triage/report.ts";
import { handedOver } from "./triage/request.ts";

const CLAIM =
  /\bI(?:['’]ve| have|['’]ll| will)?(?: now| just)? (?:sent|replied|answered|forwarded|deleted|removed|paid|booked|closed|approved|merged|forgot(?:ten)?|saved|stored|kept)\b/i;
const LINK = /https?:\/\/[^\s<>()`"']+/gi;

export default defineAgentCode({
  async before(step) {
    const handed = handedOver(step);
    switch (handed.kind) {
      case "message":
        return { reply: { kind: "answer", text: report(handed.text, step.ask.now) } };
      case "listing":
        return { reply: { kind: "answer", text: LISTING } };
      case "missing":
        return { reply: { kind: "clarify", question: MISSING, options: [] } };
      case "draft":
        return undefined;
    }
  },

  /** Only drafts of an answer come from a model. */
  check({ ask, history }, answer) {
    const sources = [ask.words, ...history.map((message) => message.text)];
    const strange = [...answer.matchAll(LINK)].find(([link]) => !sources.some((source) => source.includes(link)));
    if (strange) return `The link ${strange[0]} does not stand in the message. A draft brings no links of its own.`;
    const stray = strayFigures(answer, sources);
    if (stray.length > 0) {
      return `These figures do not stand in the message: ${stray.slice(0, 5).join(", ")}. A draft promises nothing new.`;
    }
    return /^\s*(?:>|\*\*Draft|Draft)/m.test(answer) || !CLAIM.test(answer)
      ? undefined
      : "The answer claims that something was done, and nothing was. It can only be a draft.";
  },
});

const LISTING =
  "I sort what I am given, and keep no list. What came in by an endpoint, and what became of it, shows `nova hooks posts <name>` on the machine where Nova runs; `nova hooks list` names the endpoints. Paste a message here, and I will say what it is and how soon it wants you.";
const MISSING = "Which message do you mean? Paste it below your words, and I will sort it.";
