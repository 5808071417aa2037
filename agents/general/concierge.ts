/** The concierge's code: courtesies need no model, what somebody else is to be told is handed on, and a claim to have acted is refused. */
import { defineAgentCode, type AgentSpec, type AgentStep, type CodedReply } from "#core";
import { ownWords } from "./claims/own-words.ts";
import { projectsAsked } from "./projects/asked.ts";

const GREETING =
  /^(?:(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings)(?:,? (?:there|nova|everyone|again))?(?:,? how are you(?: doing)?(?: today)?)?|nice to meet you)$/;
const THANKS =
  /^(?:(?:great|perfect|ok(?:ay)?|cool),? )?(?:many thanks|thanks|thank you|thx|cheers)(?:,? (?:a lot|so much|very much|nova|again|that helped(?: a lot)?|that is all|that's all))*$/;
const FAREWELL =
  /^(?:(?:thanks|thank you),? )?(?:bye|goodbye|bye bye|see you(?: later| tomorrow| soon)?|good night|that is all(?: for today| for now)?|that's all(?: for today| for now)?)(?:,? nova)?(?: for now)?$/;
const NOD =
  /^(?:(?:ok(?:ay)?|great|perfect|cool|fine|nice|good|super|excellent|alright|all right|got it|i see|understood|sounds good),? ?)+(?:,? nova)?$/;
const ABILITIES =
  /^(?:so,? )?(?:what (?:can|do) you do(?: for me)?|what are you able to do(?: for me)?|help(?: me)?(?: please)?|what can i (?:ask|do)(?: you)?(?: about| here)?|(?:which|what) (?:agents|specialists) (?:are there|do you have)|list (?:the |your )?(?:agents|specialists)|how does this work|where do i start)$/;

const NATURE =
  /^(?:(?:so|and),? )?(?:who|what) are you(?: and what is this)?$|^are you (?:an? )?(?:ai|a\.i|bot|robot|machine|human(?: being)?|person|real|computer|chatgpt|llm|language model)(?: or .*)?$/;
const TIME =
  /^(?:(?:can|could) you tell me )?(?:what time is it|what's the time|what is the time|what time it is)(?: now)?$/;
const NAME =
  /^(?:(?:do you know )?(?:what is|what's|whats) my name|who am i|do you know (?:who i am|my name)|what am i called)$/;

const NOTIFIER = "notifier";
/** "ask Ada whether …": whoever is an agent is asked by its mark, and "me" or "you" is asked here. */
const ASKS =
  /^\W*(?:please\s+|(?:can|could|would|will) you\s+(?:please\s+)?)?ask\s+(?!(?:me|us|you|yourself|nova|him|her|them|it)\b)(?<whom>(?:the\s+|my\s+|our\s+)?[\p{L}#][\p{L}\p{N}'’._-]*(?:\s+\p{Lu}[\p{L}'’-]*)?)(?:\s*:\s*|,?\s+(?:whether|if|when|what|where|who|whom|whose|why|how|which|about|for|to)\s+)\S/iu;
/** "tell Ada that …", "message Ada: …", "let Ada know …": whoever "me" or "us" is, is told here. */
const TELLS =
  /^\W*(?:please\s+|(?:can|could|would|will) you\s+(?:please\s+)?)?(?:(?:tell|inform|message|notify)\s+(?!(?:me|us|you)\b)[\p{L}#@][^\n:?]{0,60}?(?:\s+that\s|\s*:\s)|let\s+(?!(?:me|us|you)\b)[\p{L}#@][^\n:?]{0,60}?\s+know\s)\s*\S/iu;

const CLAIM =
  /\bI(?:['’]ve| have| just|['’]ve just| have just)? (?:saved|stored|noted|remembered|kept|sent|booked|scheduled|deleted|removed|forgot(?:ten)?|created|updated|changed|e-?mailed|ordered|paid)\b/i;

/** Where an answer sends somebody to an agent. Any other `@` may be a colleague, a handle or a line of code. */
const SENT_TO = /\b(?:ask|write(?: to)?|type|use|try|address|begin with)\s+[`“"*]*@([a-z][a-z0-9-]*)/gi;
const FENCED = /^[ \t]*(```|~~~)[^]*?^[ \t]*\1/gm;

export default defineAgentCode({
  async before(step) {
    const text = courtesy(step) ?? (await projectsAsked(step));
    return text === undefined ? passedOn(step) : { reply: { kind: "answer", text } };
  },

  check(step, answer) {
    if (CLAIM.test(ownWords(answer)))
      return "The answer claims an action, and the concierge cannot act. Nothing was changed.";
    const known = new Set<string>(step.context.roster.map((agent) => agent.id));
    const sentTo = [...answer.replaceAll(FENCED, "").matchAll(SENT_TO)].map(([, name = ""]) => name.toLowerCase());
    const unknown = sentTo.find((name) => !known.has(name) && !step.ask.words.toLowerCase().includes(`@${name}`));
    return unknown === undefined ? undefined : `There is no agent called @${unknown}.`;
  },
});

/** Words for somebody else, to the one who passes them on; what that one has handed over stays here. */
function passedOn({ ask, given, colleagues, context }: AgentStep): CodedReply | undefined {
  const words = ask.own ?? ask.words;
  const isThere = colleagues.some(({ id, how }) => id === NOTIFIER && how === "handoff");
  if (given || ask.origin === "outside" || !isThere || !(TELLS.test(words) || asksSomebody(words, context.roster)))
    return undefined;
  const reason = "This is for somebody else to be told.";
  return { reply: { kind: "handoff", to: NOTIFIER, reason, input: { words } } };
}

/** An agent is nobody to pass words on to. */
function asksSomebody(words: string, roster: readonly AgentSpec[]): boolean {
  const whom = ASKS.exec(words)
    ?.groups?.["whom"]?.toLowerCase()
    .replace(/^the\s+/, "");
  return whom !== undefined && !roster.some(({ id, name }) => id === whom || name.toLowerCase() === whom);
}

/** What to say to words that ask for nothing else, or undefined. */
function courtesy({ ask, context }: AgentStep): string | undefined {
  const words = ask.words
    .trim()
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[\s.!?…]+$/u, "")
    .replace(/\s+/g, " ")
    .replace(/\bu\b/g, "you")
    .replace(/\bwhats\b/g, "what's");
  if (words === "" || !/[\p{L}\p{N}]/u.test(words)) return "I read words best. What can I do for you?";
  if (TIME.test(words)) return `It is ${ask.now.toISOString().slice(11, 16)} UTC.`;
  if (NAME.test(words)) return `I know you as ${ask.person.name}.`;
  if (NATURE.test(words)) return NOVA;
  if (ABILITIES.test(words)) return introduction(context.roster);
  if (GREETING.test(words))
    return `Hello, ${ask.person.name}. What can I do for you? Ask “what can you do?” to meet the specialists.`;
  if (THANKS.test(words)) return "You are welcome.";
  if (NOD.test(words)) return "Good. I am here when you need more.";
  if (FAREWELL.test(words)) return `Goodbye, ${ask.person.name}.`;
  return undefined;
}

const NOVA =
  "I am Nova, an assistant: a program, not a person. Behind me are several specialists; “what can you do?” lists them.";

function introduction(roster: readonly AgentSpec[]): string {
  return [
    "I am Nova. Write what you need in your own words, and the right one of these answers:",
    "",
    ...roster.map((agent) => `- **${agent.name}** (\`@${agent.id}\`): ${agent.purpose}`),
    "",
    "`/why` tells who answered and why; `/help` lists the commands.",
  ].join("\n");
}
