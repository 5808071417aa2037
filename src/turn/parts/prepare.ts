/** All that an agent is given for one step: words, history, recall, tools, colleagues, and what it may spend. Called by relay.ts. */
import {
  agendaOf,
  entranceOf,
  isCall,
  isReply,
  mayMeet,
  placeOf,
  projectsSeen,
  tokensIn,
  watchOf,
  type AgentSpec,
  type AgentStep,
  type Allowance,
  type Given,
  type Message,
  type Recall,
  type Recalled,
  type Said,
  type StepAsk,
  type StepNote,
  type StepOutcome,
  type TakenTurn,
  unpadded,
} from "#core";
import { checkFor, checkLinks } from "../check/answer-check.ts";
import { answerFacts } from "../check/answer-facts.ts";
import type { TurnCrew } from "./turn-crew.ts";
import { colleaguesOf, misfitsOf } from "./colleagues.ts";
import { taintsOf, turnsAway } from "./taint.ts";
import { ownWords, readAgain, withFiles } from "../words.ts";

/** Most tokens of earlier conversation that an agent reads. */
const HISTORY_TOKENS = 2_000;
const HISTORY_MESSAGES = 20;
/** Most characters of the files of one earlier message. */
const HISTORY_FILES = 20_000;
/** A question and its answer. */
const LAST_EXCHANGE = 2;
const RECALL_TOKENS = 800;

export type Task = {
  readonly agent: AgentSpec;
  readonly words: string;
  /** The messages that the words are about, for their files. */
  readonly about: readonly Message[];
  readonly given?: Given;
  readonly before: readonly StepNote[];
  /** The steps whose words it is given. */
  readonly earlier: readonly StepOutcome[];
  readonly left: Allowance;
};

export async function prepare(turn: TakenTurn, task: Task, crew: TurnCrew): Promise<AgentStep> {
  const { agent, words, about, given, before, earlier, left } = task;
  const ask = { ...askOf(turn, crew), said: saidIn([...about, ...turn.messages]), ...plainly(wordsOf(words, about)) };
  const recall = crew.memory.as(turn.person, { ...placeOf(turn), shared: turn.address.visibility === "shared" });
  const history = agent.reads.includes("conversation") ? await historyOf(crew) : [];
  const recalled = agent.reads.includes("memory") ? await recallFor(turn, recall, { words, agent, crew }) : undefined;
  const read = [...history, ...(await behind(history, crew))];
  const taints = taintsOf({
    person: turn.person.id,
    messages: [...about, ...turn.messages],
    history: read,
    recalled,
    earlier,
  });
  const facts = await answerFacts(turn, earlier, crew);
  const roster = crew.roster.all().filter((other) => mayMeet(turn.person.role, other));
  const met = colleaguesOf(agent, { person: turn.person, tainted: turnsAway(taints), roster: crew.roster });
  const colleagues = isCall(turn.address) ? met.filter(({ how }) => how === "delegate") : met;
  return {
    agent,
    ask,
    where: placeOf(turn),
    history,
    recalled,
    tools: agent.tools.flatMap((name) => crew.tools.get(name) ?? []),
    effects: agent.effects.flatMap(({ verb }) => crew.effects.get(verb) ?? []),
    colleagues,
    misfits: misfitsOf(colleagues, crew.roster),
    ...(given ? { given } : {}),
    before,
    taints,
    left,
    check: checkFor({ agent, ask, history, recalled, ...(given ? { given } : {}), before, context: { roster } }, facts),
    context: {
      ask,
      recall,
      operations: crew.operations.as(watchOf(turn.person)),
      agenda: agendaOf(crew.schedules, turn.person),
      projects: () => projectsSeen(crew.projects, turn),
      roster,
      clock: crew.clock,
    },
  };
}

/** The step of an agent that is called: it works on its input alone, holds nothing, remembers nothing and calls nobody. */
export function prepareCall(
  turn: TakenTurn,
  call: {
    readonly agent: AgentSpec;
    readonly given: Given;
    readonly earlier: readonly StepOutcome[];
    readonly left: Allowance;
  },
  crew: TurnCrew,
): AgentStep {
  const { agent, given, earlier, left } = call;
  const ask = { ...askOf(turn, crew), ...inputWords(given) };
  return {
    agent,
    ask,
    where: placeOf(turn),
    history: [],
    recalled: undefined,
    tools: [],
    effects: [],
    colleagues: [],
    given,
    before: [],
    taints: taintsOf({ person: turn.person.id, messages: turn.messages, history: [], recalled: undefined, earlier }),
    left,
    // What it says is the caller's to judge, but for what it may bring in that nobody wrote.
    check: checkLinks({ agent, ask, history: [], recalled: undefined, given, before: [] }),
    context: {
      ask,
      recall: FORGETFUL,
      operations: crew.operations.as(watchOf(turn.person)),
      agenda: agendaOf(crew.schedules, turn.person),
      projects: () => projectsSeen(crew.projects, turn),
      roster: [],
      clock: crew.clock,
    },
  };
}

/** For who is to remember nothing. */
const FORGETFUL: Recall = {
  recall: async () => ({ items: [], tokens: 0, confidence: 0, verdict: "none" }),
  newest: async () => [],
  get: async () => undefined,
};

function askOf(turn: TakenTurn, crew: TurnCrew): Omit<StepAsk, "words" | "own"> {
  const last = turn.messages.at(-1);
  if (!last) throw new Error("a turn without messages was taken");
  return {
    turn: turn.id,
    person: turn.person,
    origin: turn.origin,
    entrance: entranceOf(turn.address.scope),
    now: crew.clock.now(),
    message: last.id,
  };
}

const saidIn = (messages: readonly Message[]): readonly Said[] => messages.map(({ text, at }) => ({ text, at }));

function wordsOf(words: string, about: readonly Message[]): Pick<StepAsk, "words" | "own"> {
  // What an agent put into a schedule is no order of the person's, and names nothing in their stead.
  if (about.some(({ scheduled = "person" }) => scheduled !== "person"))
    return { words: withFiles(words, about), own: "" };
  if (!about.some(({ files }) => files)) return { words };
  const own = ownWords(words, about);
  return { words: withFiles(own, about), own };
}

/** What reads words by patterns reads no desert of blanks; a model may need them, for they may lay out a table. */
function plainly({ words, own }: Pick<StepAsk, "words" | "own">): Pick<StepAsk, "words" | "own" | "laidOut"> {
  const plain = unpadded(words);
  return {
    words: plain,
    ...(own === undefined ? {} : { own: unpadded(own) }),
    ...(plain === words ? {} : { laidOut: words }),
  };
}

/** For rules that read words: what is to be done, and the text that it is to be done to. Only the former is anybody's order. */
function inputWords({ input }: Given): Pick<StepAsk, "words" | "own"> {
  const { instruction, ...rest } = input;
  const texts = Object.values(rest).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  if (typeof instruction !== "string") return { words: texts.join("\n\n"), own: "" };
  return { words: [`${instruction.replace(/[\s:]+$/, "")}:`, ...texts].join("\n\n"), own: instruction };
}

async function recallFor(
  turn: TakenTurn,
  recall: Recall,
  { words, agent, crew }: { readonly words: string; readonly agent: AgentSpec; readonly crew: TurnCrew },
): Promise<Recalled> {
  const now = crew.clock.now();
  const recalled = await recall.recall({
    query: unpadded(words),
    budgetTokens: RECALL_TOKENS,
    now,
    agent: agent.id,
    turn: turn.id,
  });
  crew.tracer.add({
    kind: "recalled",
    verdict: recalled.verdict,
    confidence: recalled.confidence,
    items: recalled.items.map((item) => item.id),
    tokens: recalled.tokens,
    ms: crew.clock.now().getTime() - now.getTime(),
  });
  return recalled;
}

/** The newest messages that fit the budget, oldest first; and the last exchange in any case: "that" means it. */
async function historyOf(crew: TurnCrew): Promise<readonly Message[]> {
  const messages = await crew.past.newest(HISTORY_MESSAGES);
  const fitting: Message[] = [];
  let left = HISTORY_TOKENS;
  for (const said of messages.toReversed()) {
    const again = readAgain(said, HISTORY_FILES);
    const message = { ...again, text: unpadded(again.text) };
    left -= tokensIn(message.text);
    if (left < 0 && fitting.length >= LAST_EXCHANGE) break;
    fitting.unshift(message);
  }
  return fitting;
}

/** What the replies in it were about, also where that does not fit any more: an answer vouches for nothing that it read. */
async function behind(history: readonly Message[], crew: TurnCrew): Promise<readonly Message[]> {
  const turns = new Set(history.filter(isReply).map(({ turn }) => turn));
  if (turns.size === 0) return [];
  const messages = await crew.past.newest(HISTORY_MESSAGES);
  return messages.filter((message) => !isReply(message) && message.turn !== null && turns.has(message.turn));
}
