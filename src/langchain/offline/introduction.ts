/** Greetings, "what can you do" and "who does this": told from the roster, so that it is true of this installation. */
import { clip, type AgentSpec, type AgentStep, type JsonObject } from "#core";
import { answer, handOver, type Decision } from "./decision.ts";
import { featuresOf, nearest } from "./likeness.ts";
import { nearestSkill, type Skill } from "./skill-choice.ts";
import { courtesyIn } from "./small-talk.ts";

const ABOUT =
  /\bwhat (?:can|do|could) (?:you|u|nova|this|i)\b[\s\S]{0,40}\b(?:do|help|ask|offer|say|use)\b|\bwho (?:are you|is (?:here|there)|can help)\b|\bwho does what\b|\bhow (?:do|can) i (?:use (?:nova|this|it|you)|start|get started)\W*$|\bhow does (?:this|it|nova) work|\bwhat are you\b|\b(?:which|what|list|show)\b[\s\S]{0,20}\b(?:agents|specialists)\b|\b(?:which|what|list|show)\b[\s\S]{0,20}\b(?:skills|features|capabilities)\b[\s\S]{0,12}\b(?:you|nova|there)\b|^help\W*$|\bget(?:ting)? started\b/iu;

/** A question of one of these is close enough to an agent's examples to name it. */
const FITS = 0.5;
/** What every agent says to a courtesy, in one line. */
export function smallTalk(step: AgentStep): Decision | undefined {
  const { agent, ask } = step;
  if (!/[\p{L}\p{N}]/u.test(ask.words)) return answer("I read words best. What can I do for you?");
  switch (courtesyIn(ask.words)) {
    case "greeting":
      return answer(`Hello ${ask.person.name}. ${invitation(agent)}`);
    case "wellbeing":
      return answer(`All is well here, ${ask.person.name}. What can I do for you?`);
    case "thanks":
      return answer("You are welcome.");
    case "farewell":
      return answer(`Goodbye, ${ask.person.name}.`);
    case "nod":
      return answer("Good. I am here when you need more.");
    case "reply":
      return openOffer(step) ? undefined : answer("I have not asked you anything just now. What can I do for you?");
    case undefined:
      return undefined;
  }
}

/** A "yes" may answer something that was said before. */
const openOffer = ({ history }: AgentStep): boolean => history.at(-1)?.reply?.kind === "clarify";

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

/**
 * The specialist whose examples an open request comes near to. At the door it is named, for the router has already doubted;
 * who got the words as an answer hands them over.
 */
export function direct({ agent, ask, context, colleagues, given }: AgentStep): Decision | undefined {
  const asked = featuresOf(ask.words);
  // Never back to whoever has handed it over.
  const [best] = rest(agent, context.roster)
    .filter(({ id }) => id !== given?.by)
    .map((other) => ({
      other,
      score: nearest(
        asked,
        other.skills.flatMap(({ examples }) => examples),
      ),
    }))
    .toSorted((a, b) => b.score - a.score);
  if (!best || best.score < FITS) return undefined;
  const { name, id } = best.other;
  const takesOver = colleagues.some((each) => each.id === id && each.how === "handoff" && takesWords(each.input));
  const own = (ask.own ?? ask.words).trim();
  if (takesOver && own !== "" && !given && !speaksForNova(agent))
    return handOver(id, `This is one for the ${name}.`, own);
  const words = clip(ask.words.replace(/\s+/g, " ").trim(), 200);
  return answer(`That is one for the ${name}: write \`@${id} ${words.replaceAll("`", "'")}\`.`);
}

const takesWords = ({ properties }: JsonObject): boolean =>
  typeof properties === "object" && properties !== null && "words" in properties;

function aboutAgent({ name, purpose, skills, notFor }: AgentSpec): string {
  const list = skills.map(
    (skill) => `- ${skill.description.replace(/\.$/, "")}, for instance: “${exampleOf(skill) ?? skill.examples[0]}”`,
  );
  return [`I am the ${name}. ${purpose}`, list.join("\n"), `Not for: ${notFor}`].join("\n\n");
}

function invitation(agent: AgentSpec): string {
  if (!speaksForNova(agent)) return `This is the ${agent.name}: ${agent.purpose}`;
  return "What can I do for you? Ask “what can you do?” to meet the specialists.";
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
