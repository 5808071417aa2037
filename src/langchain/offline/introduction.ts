/** Greetings, "what can you do" and "who does this": told from the roster, so that it is true of this installation. */
import { clip, terms, type AgentSpec, type AgentStep } from "#core";
import { answer, clarify, type Decision } from "./decision.ts";
import { featuresOf, nearest } from "./likeness.ts";

const GREETING =
  /^(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|hallo|hola|salut|ciao|moin)(?: (?:there|nova|all|everyone))?\W*$/iu;
const THANKS =
  /^(?:many )?(?:thanks?|thank you|thx|cheers|great|perfect|nice|cool|ok(?:ay)?|got it|bye|goodbye|see you)\b[\s\S]{0,30}$/iu;
const ABOUT =
  /\bwhat (?:can|do|could) (?:you|nova|this|i)\b[\s\S]{0,40}\b(?:do|help|ask|offer|say|use)\b|\bwho (?:are you|is (?:here|there)|can (?:help|do)|does)\b|\bhow (?:do|can|does) (?:i|you|this|it|nova) (?:use|work|start|help)|\bwhat are you\b|\b(?:which|what|list|show)\b[\s\S]{0,20}\b(?:agents?|specialists?|skills?|features|capabilities)\b|^help\W*$|\bget(?:ting)? started\b/iu;

/** A question of one of these is close enough to an agent's examples to name it. */
const FITS = 0.5;
/** Shorter than this, a message is a hint rather than a request. */
const FEW_TERMS = 2;

export function smallTalk({ agent, ask, context }: AgentStep): Decision | undefined {
  const words = ask.words.trim();
  if (GREETING.test(words)) return answer(`Hello ${ask.person.name}. ${invitation(agent, context.roster)}`);
  if (THANKS.test(words)) return answer("Good. I am here when you need more.");
  return undefined;
}

/** Only the general agents speak for the whole house; others tell what they do themselves. */
export function aboutNova({ agent, ask, context }: AgentStep): Decision | undefined {
  if (!ABOUT.test(ask.words)) return undefined;
  if (agent.domain !== "general") return answer(aboutAgent(agent));
  const who = nameIn(ask.words, context.roster);
  if (who) return answer(aboutAgent(who));
  const others = others_(agent, context.roster);
  if (others.length === 0) return answer(aboutAgent(agent));
  return answer(
    [
      "You can ask these, or just ask, and the right one will answer:",
      others
        .map((other) => `- ${other.name} (\`@${other.id}\`): ${other.purpose} For instance: “${example(other)}”`)
        .join("\n"),
      "`/why` tells why an agent answered, and `@name` chooses one yourself.",
    ].join("\n\n"),
  );
}

/** Names the agent whose examples are nearest, or asks one question when the message is too short to tell. */
export function direct({ agent, ask, context }: AgentStep): Decision | undefined {
  const asked = featuresOf(ask.words);
  const [best] = others_(agent, context.roster)
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
      `That is one for ${name}: ${useWhen} Ask it with \`@${id} ${clip(ask.words.replace(/\s+/g, " "), 200)}\`.`,
    );
  }
  if (terms(ask.words).length > FEW_TERMS) return undefined;
  const options = others_(agent, context.roster).slice(0, 4).map(example);
  return clarify("I cannot tell from this what you need. What would you like me to do?", options);
}

function aboutAgent({ name, purpose, skills, notFor }: AgentSpec): string {
  const list = skills.map(
    ({ description, examples }) => `- ${description} For instance: “${example({ skills: [{ examples }] })}”`,
  );
  return [`I am ${name}. ${purpose}`, list.join("\n"), `Not for: ${notFor}`].join("\n\n");
}

function invitation(agent: AgentSpec, roster: readonly AgentSpec[]): string {
  if (agent.domain !== "general") return `I am ${agent.name}. ${agent.purpose}`;
  const shown = others_(agent, roster)
    .slice(0, 3)
    .map((other) => `“${example(other)}”`);
  return shown.length > 0 ? `What can I do for you? You could say ${shown.join(", ")}.` : "What can I do for you?";
}

const nameIn = (words: string, roster: readonly AgentSpec[]): AgentSpec | undefined =>
  roster.find(({ id, name }) => new RegExp(String.raw`\b(?:${id}|${name.replace(/\W/g, ".")})\b`, "i").test(words));

const others_ = (agent: AgentSpec, roster: readonly AgentSpec[]): readonly AgentSpec[] =>
  roster.filter(({ id }) => id !== agent.id);

/** The first example that fits a line. */
function example({ skills }: { readonly skills: readonly { readonly examples: readonly string[] }[] }): string {
  const [first] = skills.flatMap(({ examples }) =>
    examples.filter((text) => text.length <= 80 && !text.includes("\n")),
  );
  return first ?? "…";
}
