/** The scheduler's code: reminders and schedules are read by rule, and nothing is said to be set that was not proposed. */
import {
  chosenOption,
  clip,
  defineAgentCode,
  isQuestion,
  offeredIn,
  openQuestion,
  plainOption,
  readWhen,
  saidAt,
  type AgentStep,
  type CodedReply,
  type Here,
  type Message,
  type OpenQuestion,
  type PersonId,
} from "#core";
import { ownWords } from "./claims/own-words.ts";
import { lasting, lastingOrder } from "./schedule/lasting.ts";
import { readOrder, type Order } from "./schedule/orders.ts";

const CLAIM =
  /\b(?:I(?:['’]ve| have|['’]ll| will| am going to)?(?: now| just| already)? (?:set(?: up)?|scheduled?|remind(?:ed)? you|cancell?ed|removed?|deleted?|create[d]?|add(?:ed)?|moved?|changed?|snoozed?|postponed?|paused?|resumed?)\b|(?:reminder|schedule) (?:is|has been|was) (?:now )?(?:set|scheduled|created|added|moved|changed|postponed|paused|resumed|cancell?ed|removed|deleted))/i;

export default defineAgentCode({
  async before(step) {
    const said = step.ask.own ?? step.ask.words;
    // Words from outside set nothing by rule; a model may propose, and a person decides.
    if (step.ask.origin === "outside") return undefined;
    const { zone } = await step.context.agenda.rhythm();
    const here = { zone, now: saidAt(said, step.ask) };
    const elsewhere = notHere(said, step);
    if (elsewhere) return elsewhere;
    const own = await readOrder(said, here);
    const isAnswer = own === undefined || (own.kind === "change" && !NAMES_ONE.test(said));
    const more = isAnswer ? await continued(said, step, here) : undefined;
    // "Push the release" is what to be reminded of, when that was asked for, and else an order.
    if (own && !more?.saysWhat) return ownWish(await carryOut(own, step));
    if (!more) return undefined;
    const coded = await carryOut(more.order, step);
    return more.isOwn ? ownWish(coded) : coded;
  },

  check(_step, answer) {
    return CLAIM.test(ownWords(answer))
      ? "The answer says that something was set, changed or removed, and nothing was. To set a reminder, write “remind me”, when, and what of."
      : undefined;
  },
});

/** "Remind me what we decided" asks for what is known; a question about trains or tests is nobody's plan. */
const RECALLS =
  /^\W*(?:please |nova[,:] |can you |could you |would you )*remind me (?:again )?(?:of )?(?:what|who|whom|whose|which|why|how|where|whether|if)\b/i;
const TALK = /^\W*(?:every time|each time|whenever)\b|^\W*(?:the )?(?:schedules?|timetable) of the\b/i;
const REMINDS_OTHERS =
  /^\W*(?:please |nova[,:] |can you |could you |would you )*remind (?!me\b|myself\b|us\b)(\p{Lu}[\p{L}'’-]*|\p{L}{2,20}(?= (?:to|that|about|tomorrow|today|at|on|in|every)\b))/iu;

function notHere(said: string, { colleagues }: AgentStep): CodedReply | undefined {
  const whom = REMINDS_OTHERS.exec(said)?.[1];
  if (whom !== undefined) {
    const reason = `I remind only you, not ${whom}. Write “remind me”, when, and “to tell ${whom} …”; or “tell ${whom} that …” to tell them now.`;
    return { reply: { kind: "fail", code: "cannot", reason } };
  }
  const to = RECALLS.test(said) ? "librarian" : TALK.test(said) ? "concierge" : undefined;
  if (!colleagues.some(({ id, how }) => id === to && how === "handoff") || to === undefined) return undefined;
  const reason = to === "librarian" ? "This asks for what is known." : "This sets no time for anything.";
  return { reply: { kind: "handoff", to, reason, input: { words: said } } };
}

/** Read off what the person said, and off nothing else: what stood beside it adds nothing. */
const ownWish = (coded: CodedReply | undefined): CodedReply | undefined =>
  coded?.reply.kind === "propose" ? { ...coded, ownWish: true } : coded;

async function carryOut(order: Order, step: AgentStep): Promise<CodedReply | undefined> {
  switch (order.kind) {
    case "remind":
      if (order.text === "") return asks("What shall I remind you of?");
      return proposes("set_reminder", { text: order.text, when: order.when });
    case "several":
      return proposesEach("set_reminder", order.reminders);
    case "ask":
      if (order.words === "") return asks("What shall I ask then?");
      return proposes("set_schedule", { words: order.words, when: order.when });
    case "cancel":
      if (order.all) return asks(ONE_AT_A_TIME, (await step.context.agenda.list()).map(({ name }) => name).slice(0, 6));
      if (order.names.length === 0) return asks("Which reminder or schedule shall go?");
      return proposesEach(
        "remove_schedule",
        order.names.map((name) => ({ name: clip(name, 200) })),
      );
    case "change":
      return proposes("change_schedule", { name: clip(order.name, 200), change: order.change, to: order.to });
    case "list":
      return listing(order.about, step);
  }
}

const ONE_AT_A_TIME =
  "I do not remove all at once, so that none goes by mistake. Which one shall go? Several go in one message, each named: “cancel the reminder about … and the one about …”.";

const asks = (question: string, options: readonly string[] = []): CodedReply => ({
  reply: { kind: "clarify", question, options },
});

type Input = Readonly<Record<string, string>>;

const proposes = (verb: string, input: Input): CodedReply => proposesEach(verb, [input]);

const proposesEach = (verb: string, inputs: readonly Input[]): CodedReply => ({
  reply: { kind: "propose", text: "", effects: inputs.map((input) => ({ verb, input: { ...input } })) },
});

/** What the tool lists is the answer; without the tool there is none by rule. */
async function listing(about: string, { tools, context }: AgentStep): Promise<CodedReply | undefined> {
  const tool = tools.find(({ name }) => name === "list_schedules");
  if (!tool) return undefined;
  const signal = AbortSignal.timeout(tool.timeoutMs);
  const text = await tool.run(about === "" ? {} : { about: clip(about, 200) }, { ...context, stage: () => {}, signal });
  const use = text.startsWith("- ")
    ? "\n\n`/schedules remove <name>` cancels one, `/schedules pause <name>` holds it."
    : "";
  return { reply: { kind: "answer", text: text + use }, results: [text] };
}

const NAMES_ONE = /\b(?:reminders?|schedules?|it|that one|this one|erinnerung(?:en)?)\b/i;

/** `saysWhat`: it is the words that were asked for. */
type Continued = { readonly order: Order; readonly isOwn: boolean; readonly saysWhat: boolean };

/** The answer to a question of this agent: what was asked for before, with what was missing; and whether all of it is the person's. */
async function continued(said: string, { agent, history, ask }: AgentStep, here: Here): Promise<Continued | undefined> {
  const open = openQuestion(history, ask.now);
  if (open?.asker !== agent.id) return undefined;
  const option = open.isOvertaken ? plainOption(said, open.options) : chosenOption(said, open);
  const answer = option ?? bare(said);
  if (answer === "" || (open.isOvertaken && option === undefined)) return undefined;
  const earlier = await asked(open, here);
  if (!earlier) return undefined;
  if (option === undefined && isQuestion(said) && !(await isWanted(said, earlier.order, here))) return undefined;
  const at = option === undefined ? here.now : open.question.at;
  const order = await withAnswer(earlier.order, { answer, at, question: open.question.text }, here);
  // What was offered is the question's, unless they said the very words.
  const isSaid = said.includes(answer) && earlier.isSaid;
  const isOwn = isSaid && open.about.every((message) => isOwnMessage(message, ask.person.id));
  return order && { order, isOwn, saysWhat: wantsWords(earlier.order) };
}

/** A question is nothing to be reminded of, and no time unless it is one: "at 5?" */
async function isWanted(question: string, order: Order, here: Here): Promise<boolean> {
  if (order.kind === "cancel" || order.kind === "change") return true;
  if (wantsWords(order)) return order.kind === "ask";
  return (await readWhen(question, here)).kind === "when";
}

const bare = (said: string): string => said.trim().replace(/[.!]+$/, "");

const wantsWords = (order: Order): boolean =>
  order.kind === "remind" ? order.text === "" : order.kind === "ask" && order.words === "";

/** `isSaid`: every word of it was said, none only offered. */
type Asked = { readonly order: Order; readonly isSaid: boolean };

/** What was asked for, with what was answered since: an answer to one question may leave another open. */
async function asked({ about, questions }: OpenQuestion, here: Here): Promise<Asked | undefined> {
  let order: Order | undefined;
  let isSaid = true;
  for (const [i, { text, at }] of [...about.entries()].toReversed()) {
    const then = { ...here, now: at };
    const own = await readOrder(text, then);
    const question = questions[i + 1];
    const isAnswer = own === undefined || (own.kind === "change" && !NAMES_ONE.test(text));
    if (!order || !question || !(isAnswer || wantsWords(order))) {
      order = own && (await lastingOrder(own, then, here.now));
      continue;
    }
    const option = chosenOption(text, { question, options: offeredIn(question.text) });
    const answer = option ?? bare(text);
    isSaid &&= text.includes(answer);
    order = await withAnswer(
      order,
      { answer, at: option === undefined ? at : question.at, question: question.text },
      here,
    );
  }
  return order && { order, isSaid };
}

/** Said by this person, themselves, and without a file in it. */
const isOwnMessage = ({ author, origin, scheduled = "person", files = [] }: Message, person: PersonId): boolean =>
  author.kind === "person" &&
  author.person === person &&
  origin === undefined &&
  scheduled === "person" &&
  files.length === 0;

type Answer = {
  readonly answer: string;
  /** When it was said, or offered. */
  readonly at: Date;
  readonly question: string;
};

async function withAnswer(order: Order, { answer, at, question }: Answer, here: Here): Promise<Order | undefined> {
  const time = async (before: string): Promise<string> =>
    timeMeant(before, await lasting(answer, { ...here, now: at }, here.now), here);
  switch (order.kind) {
    case "remind":
      return order.text === "" ? { ...order, text: answer } : { ...order, when: await time(order.when) };
    case "ask":
      return order.words === "" ? { ...order, words: answer } : { ...order, when: await time(order.when) };
    case "cancel":
      return { ...order, names: [answer], all: false };
    case "change":
      if (/^Which one|Which one do you mean/m.test(question)) return { ...order, name: answer };
      return { ...order, to: order.change === "words" ? answer : await time(order.to) };
    case "list":
    case "several":
      return undefined;
  }
}

/** "Afternoon", to "at 3": what was said first still counts where both read as one time. */
async function timeMeant(before: string, answer: string, here: Here): Promise<string> {
  if (before === "" || before === answer) return answer;
  // Behind a date a bare number would be read as a part of it.
  const clock = /^\d/.test(answer) ? [`${before} at ${answer}`] : [];
  const both = [`${before} ${answer}`, `${answer} ${before}`, ...clock];
  for (const words of both) if ((await readWhen(words, here)).kind === "when") return words;
  if ((await readWhen(answer, here)).kind === "when") return answer;
  for (const words of both) if ((await readWhen(words, here)).kind === "unclear") return words;
  return answer;
}
