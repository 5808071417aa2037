/** Names what an open request asks for, as a sentence can begin with it: “Translating”, “Rewriting in another tone”. */
import { words } from "#core";

const LANGUAGES =
  "arabic|bulgarian|chinese|croatian|czech|danish|dutch|english|finnish|french|german|greek|hebrew|hindi|hungarian|italian|japanese|korean|norwegian|polish|portuguese|romanian|russian|serbian|slovak|spanish|swedish|turkish|ukrainian|vietnamese";
const TRANSLATES = new RegExp(
  String.raw`\btranslat|\b(?:in|into|to)\s+(?:${LANGUAGES})\b|\bwhat (?:is|does)\b.*\bin (?:${LANGUAGES})\b`,
  "i",
);
const PLAINER = /\b(?:plain|simple|simpler|proper|better|good)\s+\w+\W*$/i;

/** Whether words in another language are wanted. "In plain English" is another matter. */
export const translates = (instruction: string): boolean =>
  TRANSLATES.test(instruction) && !(PLAINER.test(instruction) && !/\btranslat/i.test(instruction));

/** What stands before an order. */
const POLITE =
  /^(?:(?:please|hi|hey|hello|nova|so|and|now|can you|could you|would you|will you|i (?:want|need|would like|'d like) you to|help me(?: to)?)[\s,:]+)*/i;

const VERBS = new Set(
  `translate write draft compose explain describe rewrite rephrase reword paraphrase plan suggest recommend brainstorm
  compare analyse analyze research imagine invent generate create design code implement debug improve simplify polish
  answer discuss argue teach book order buy send call play search google draw sing remind schedule`.split(/\s+/),
);
/** What no model alone could do either: it would have to act outside. */
const DEEDS = new Set("book order buy send call play google remind schedule".split(" "));

/** The verb of an order, in lower case, when it is one that rules cannot follow. */
export function verbIn(request: string): string | undefined {
  const [verb = ""] = words(request.trim().replaceAll("’", "'").replace(POLITE, ""));
  return VERBS.has(verb) ? verb : undefined;
}

export const isDeed = (verb: string): boolean => DEEDS.has(verb);

/** For instance “Translating”; undefined when no known task is asked for. */
export function taskIn(request: string): string | undefined {
  if (translates(request.slice(0, 300))) return "Translating";
  const verb = verbIn(request);
  return verb === undefined ? undefined : gerund(verb);
}

/** “Rewrites a text in another tone” as “Rewriting a text in another tone”. */
export function asTask(description: string): string {
  return description
    .replace(/\.$/, "")
    .replace(/^\p{L}+/u, (verb) => gerund(verb.replace(/(?<=ss|sh|ch|x)es$|(?<!s)s$/, "").toLowerCase()));
}

/** The verb at the head of a sentence: “Writing”, “Planning”, “Summing”. */
function gerund(verb: string): string {
  const stem = /(?:[^aeiou]|u)e$/.test(verb)
    ? verb.slice(0, -1)
    : verb.replace(/^([^aeiou]*[aeiou])([bdgklmnprt])$/, "$1$2$2");
  return `${stem.charAt(0).toUpperCase()}${stem.slice(1)}ing`;
}
