/** The notifier's code: a request in a plain form is proposed as it stands, without a model that could change a word of it. */
import {
  chosenOption,
  clip,
  countsOut,
  defineAgentCode,
  openQuestion,
  plainOption,
  type AgentStep,
  type CodedReply,
} from "#core";
import { readRequest, type Request } from "./notifier/request.ts";

export default defineAgentCode({
  async before(step): Promise<CodedReply | undefined> {
    const { ask, given, colleagues } = step;
    // What another agent has it do is not all that the person said.
    if (given?.how === "delegate") return undefined;
    const said = ask.own ?? ask.words;
    const request = continued(said, step) ?? readRequest(said);
    switch (request.kind) {
      case "message":
        return propose(request.to.map((to) => ["send_message", { to, text: request.text }]));
      case "webhook":
        return propose([["post_webhook", { receiver: request.receiver, event: request.event, text: request.text }]]);
      case "wordless":
        return asks(`What shall I tell ${request.to}?`, `tell ${request.to} that …`);
      case "nobody":
        return asks("Whom shall I tell, and what?", "tell Ben that …");
      case "not":
        return { reply: { kind: "answer", text: `I tell ${request.to} nothing.` } };
      case "talk":
        if (given || !colleagues.some(({ id, how }) => id === request.agent && how === "handoff")) return undefined;
        return {
          reply: {
            kind: "handoff",
            to: request.agent,
            reason: "This asks for nothing to be passed on.",
            input: { words: said },
          },
        };
      case "other":
        return undefined;
    }
  },
});

const asks = (question: string, form: string): CodedReply => ({
  reply: { kind: "clarify", question: `${question} Write: ${form}`, options: [] },
});

type Proposal = readonly [verb: string, input: Readonly<Record<string, string>>];

const propose = (all: readonly Proposal[]): CodedReply => ({
  reply: {
    kind: "propose",
    text: "In your words, as you put them.",
    effects: all.map(([verb, input]) => ({ verb, input })),
  },
});

/** A request of its own, whomever it means: no answer. */
const ORDER = /^\W*(?:please\s+)?(?:tell|inform|message|notify|text|ping|let|send|post|announce|write|drop|pass)\b/i;

/** The answer to a question of this agent: what was asked for before, with what was missing. */
function continued(said: string, { agent, history, ask }: AgentStep): Request | undefined {
  const open = openQuestion(history, ask.now);
  if (open?.asker !== agent.id || ask.origin === "outside") return undefined;
  const option = open.isOvertaken ? plainOption(said, open.options) : chosenOption(said, open);
  if (option === undefined && (open.isOvertaken || ORDER.test(said) || readRequest(said).kind !== "other"))
    return undefined;
  const own = open.about.filter(({ author }) => author.kind === "person" && author.person === ask.person.id);
  const request = own.map(({ text }) => readRequest(text)).find(({ kind }) => kind !== "other");
  // A number that there is none of is no name.
  const answer = option ?? (countsOut(said) && open.options.length > 0 ? "" : said.trim().replace(/[.!]+$/, ""));
  if (!request || answer === "") return undefined;
  // A question back, or a paragraph, is no answer.
  if (request.kind === "wordless" && !said.includes("?"))
    return { kind: "message", to: [request.to], text: said.trim() };
  const isName = answer.length <= 60 && !/[?!:\n]/.test(answer);
  if (!isName) return undefined;
  if (request.kind === "webhook") return { ...request, receiver: clip(answer, 63) };
  if (request.kind !== "message") return undefined;
  const asked = request.to.findIndex((name) => open.question.text.includes(name));
  const at = request.to.length === 1 ? 0 : asked;
  return at < 0 ? undefined : { ...request, to: request.to.with(at, clip(answer, 100)) };
}
