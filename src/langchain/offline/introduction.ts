/** Greetings, "what can you do" and "who does this": told from the roster, so that it is true of this installation. */
import { clip, terms, type AgentSpec, type AgentStep } from "#core";
import { answer, clarify, type Decision } from "./decision.ts";
import { featuresOf, nearest } from "./likeness.ts";
import { nearestSkill, type Skill } from "./skill-choice.ts";

const GREETING =
  /^(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|hallo|hola|salut|ciao|moin)(?:,? (?:there|nova|all|everyone|again|nice to meet you|how are you(?: doing)?(?: today)?))*\W*$/iu;
const THANKS =
  /^(?:many )?(?:thanks?|thank you|thx|cheers|great|perfect|nice|cool|ok(?:ay)?|got it|bye|goodbye|see you)\b[\s\S]{0,30}$/iu;
const ABOUT =
  /\bwhat (?:can|do|could) (?:you|nova|this|i)\b[\s\S]{0,40}\b(?:do|help|ask|offer|say|use)\b|\bwho (?:are you|is (?:here|there)|can (?:help|do)|does)\b|\bhow (?:do|can|does) (?:i|you|this|it|nova) (?:use|work|start|help)|\bwhat are you\b|\b(?:which|what|list|show)\b[\s\S]{0,20}\b(?:agents?|specialists?|skills?|features|capabilities)\b|^help\W*$|\bget(?:ting)? started\b/iu;

/** A question of one of these is close enough to an agent's examples to name it. */
const FITS = 0.5;
/** Shorter than this, a message is a hint rather than a request. */
const FEW_TERMS = 2;

/** Words of requests that do not say yet what is wanted. */
const VAGUE = new Set(terms("need want help something anything question problem thing think know sure like tell"));

export function smallTalk({ agent, ask, context }: AgentStep): Decision | undefined {
  const words = ask.words.trim();
  if (GREETING.test(words)) return answer(`Hello ${ask.person.name}. ${invitation(agent, context.roster)}`);
  if (THANKS.test(words)) return answer("Good. I am here when you need more.");
  return undefined;
}

/** How Nova is used, for agents with a skill of that name. Short, and only what is true of every installation. */
const GUIDE = [
  "- Write in your own words; Nova picks the specialist. To choose one yourself, begin with `@` and its name, or keep it with `/agent <name>`.",
  "- `/stop` ends an answer that is being written, `/why` tells why an agent answered, `/help` lists the commands.",
  "- “Remember that …” keeps a note, “forget m12” deletes it. What you tell Nova is recalled for you, not for others.",
  "- Another device or account joins with a one-time code from `nova link`.",
  "- Without a model key Nova works by rules. `OPENAI_API_KEY` or `OPENAI_BASE_URL` adds a language model.",
].join("\n");

/** Skills about Nova itself that need no model, by their names. */
const ABOUT_SKILLS: Readonly<Record<string, (step: AgentStep) => Decision>> = {
  welcome: (step) => answer(`Hello ${step.ask.person.name}. ${invitation(step.agent, step.context.roster)}`),
  introduce: (step) => answer(introduction(step)),
  guide: () => answer(GUIDE),
};

/** An agent with skills about Nova speaks for the whole house; the others tell what they do themselves. */
export function aboutNova(step: AgentStep): Decision | undefined {
  const near = nearestSkill(step.agent.skills, step.ask.words);
  if (near && near.score >= FITS) return ABOUT_SKILLS[near.skill.name]?.(step);
  if (!ABOUT.test(step.ask.words)) return undefined;
  return answer(speaksForNova(step.agent) ? introduction(step) : aboutAgent(step.agent));
}

/** One agent when it is named, else all of them. */
function introduction({ agent, ask, context }: AgentStep): string {
  const named = nameIn(ask.words, context.roster);
  const others = rest(agent, context.roster);
  if (named ?? others.length === 0) return aboutAgent(named ?? agent);
  return [
    "Ask in your own words, and the right one of these will answer:",
    others
      .map((other) => `- ${other.name} (\`@${other.id}\`): ${other.purpose} For instance: “${example(other)}”`)
      .join("\n"),
    "`/why` tells why an agent answered; `@` and a name chooses one yourself.",
  ].join("\n\n");
}

/** Who else fits, or one question when the message is too short to tell; undefined for a whole open request. */
export function direct({ agent, ask, context }: AgentStep): Decision | undefined {
  const asked = featuresOf(ask.words);
  const others = rest(agent, context.roster);
  const [best] = others
    .map((other) => ({
      other,
      score: nearest(
        asked,
        other.skills.flatMap(({ examples }) => examples),
      ),
    }))
    .toSorted((a, b) => b.score - a.score);
  if (best && best.score >= FITS) {
    const { name, id, useWhen } = best.other;
    return answer(
      `That is one for ${name}. ${useWhen} Ask it with \`@${id} ${clip(ask.words.replace(/\s+/g, " "), 200)}\`.`,
    );
  }
  if (terms(ask.words).filter((term) => !VAGUE.has(term)).length > FEW_TERMS) return undefined;
  const options = speaksForNova(agent) ? others.slice(0, 4).map(example) : examplesOf(agent).slice(0, 4);
  return clarify("I cannot tell from this what you need. What would you like me to do?", options);
}

function aboutAgent({ name, purpose, skills, notFor }: AgentSpec): string {
  const list = skills.map(
    (skill) => `- ${skill.description.replace(/\.$/, "")}, for instance: “${exampleOf(skill) ?? skill.examples[0]}”`,
  );
  return [`I am ${name}. ${purpose}`, list.join("\n"), `Not for: ${notFor}`].join("\n\n");
}

function invitation(agent: AgentSpec, roster: readonly AgentSpec[]): string {
  if (!speaksForNova(agent)) return `I am ${agent.name}. ${agent.purpose}`;
  const shown = rest(agent, roster)
    .slice(0, 3)
    .map((other) => `“${example(other)}”`);
  return shown.length > 0 ? `What can I do for you? You could say ${shown.join(", ")}.` : "What can I do for you?";
}

const nameIn = (words: string, roster: readonly AgentSpec[]): AgentSpec | undefined =>
  roster.find(({ id, name }) => new RegExp(String.raw`\b(?:${id}|${name.replace(/\W/g, ".")})\b`, "i").test(words));

const rest = (agent: AgentSpec, roster: readonly AgentSpec[]): readonly AgentSpec[] =>
  roster.filter(({ id }) => id !== agent.id);

/** An example that fits a line. */
const exampleOf = ({ examples }: Skill): string | undefined =>
  examples.find((text) => text.length <= 80 && !text.includes("\n"));
const examplesOf = ({ skills }: AgentSpec): readonly string[] => skills.flatMap((skill) => exampleOf(skill) ?? []);
const example = (agent: AgentSpec): string => examplesOf(agent)[0] ?? agent.useWhen;

export const speaksForNova = ({ skills }: Pick<AgentSpec, "skills">): boolean =>
  skills.some(({ name }) => name in ABOUT_SKILLS);
