/** Recall for the chosen agent, its run, and what the run leaves to settle. */
import {
  entranceOf,
  mayMeet,
  mayRead,
  placeOf,
  tokensIn,
  watchOf,
  type AgentId,
  type AgentSpec,
  type AgentStep,
  type ItemId,
  type Message,
  type Recall,
  type Recalled,
  type Settlement,
  type StepAsk,
  type StepOutcome,
  type TakenTurn,
  type TraceEvent,
  itemId,
} from "#core";
import type { Chosen } from "./choose.ts";
import type { Crew } from "./crew.ts";
import { answered, refusedRoute } from "./endings.ts";
import { kept } from "./keep.ts";
import type { Past } from "./past.ts";
import type { Tracer } from "./tracer.ts";
import { ownWords, readAgain, withFiles } from "./words.ts";

/** Most tokens of earlier conversation that an agent reads. */
const HISTORY_TOKENS = 2_000;
const HISTORY_MESSAGES = 20;
/** Most characters of the files of one earlier message. */
const HISTORY_FILES = 20_000;
/** A question and its answer. */
const LAST_EXCHANGE = 2;
const RECALL_TOKENS = 800;

type Bench = Crew & { readonly tracer: Tracer; readonly past: Past; readonly signal: AbortSignal };

/** An agent, and what it is to work on. */
type Task = Chosen & { readonly agent: AgentId };

export async function respond(turn: TakenTurn, { route, about, agent }: Task, crew: Bench): Promise<Settlement> {
  const spec = crew.roster.get(agent);
  if (!spec) return refusedRoute(turn, route, `The agent ${agent} is not on call any more.`, crew);
  if (!mayRead(turn.origin, spec)) {
    return refusedRoute(turn, route, `The ${spec.name} takes no words from outside.`, crew);
  }

  const step = await prepare(turn, { route, about }, spec, crew);
  const startedAt = crew.clock.now();
  crew.tracer.add({ kind: "step_started", agent, model: spec.model });
  const outcome = await crew.steps.run(step, witness(turn, crew), crew.signal);
  crew.signal.throwIfAborted();
  crew.tracer.add({
    kind: "step_ended",
    agent,
    reply: outcome.reply.kind,
    ...(outcome.reply.kind === "fail" ? { code: outcome.reply.code } : {}),
    tokens: outcome.usage.tokens,
  });
  const { dropped, ...memory } = kept(turn, spec, outcome);
  if (dropped) crew.tracer.add({ kind: "dropped", ...dropped });
  return answered(turn, crew, {
    route,
    outcome: withheld(honest(dropped ? unkept(outcome) : outcome, turn), turn, step),
    steps: [record(outcome, startedAt, crew.clock.now())],
    ...memory,
    cited: cited(outcome, step.recalled),
  });
}

async function prepare(turn: TakenTurn, { route, about }: Chosen, spec: AgentSpec, crew: Bench): Promise<AgentStep> {
  const last = turn.messages.at(-1);
  if (!last) throw new Error("a turn without messages was taken");
  const ask: StepAsk = {
    turn: turn.id,
    person: turn.person,
    ...wordsOf(route.words, about),
    origin: turn.origin,
    entrance: entranceOf(turn.address.scope),
    now: crew.clock.now(),
    message: last.id,
  };
  const recall = crew.memory.as(turn.person, { ...placeOf(turn), shared: turn.address.visibility === "shared" });
  return {
    agent: spec,
    ask,
    where: placeOf(turn),
    history: spec.reads.includes("conversation") ? await historyOf(crew) : [],
    recalled: spec.reads.includes("memory")
      ? await recallFor(turn, recall, { words: route.words, spec, crew })
      : undefined,
    tools: spec.tools.flatMap((name) => crew.tools.get(name) ?? []),
    effects: [],
    colleagues: [],
    before: [],
    taints: [],
    left: spec.budget,
    context: {
      ask,
      recall,
      operations: crew.operations.as(watchOf(turn.person)),
      roster: crew.roster.all().filter((agent) => mayMeet(turn.person.role, agent)),
      clock: crew.clock,
    },
  };
}

function wordsOf(words: string, about: readonly Message[]): Pick<StepAsk, "words" | "own"> {
  if (!about.some(({ files }) => files)) return { words };
  const own = ownWords(words, about);
  return { words: withFiles(own, about), own };
}

async function recallFor(
  turn: TakenTurn,
  recall: Recall,
  { words, spec, crew }: { readonly words: string; readonly spec: AgentSpec; readonly crew: Bench },
): Promise<Recalled> {
  const now = crew.clock.now();
  const recalled = await recall.recall({
    query: words,
    budgetTokens: RECALL_TOKENS,
    now,
    agent: spec.id,
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
async function historyOf(crew: Bench): Promise<readonly Message[]> {
  const messages = await crew.past.newest(HISTORY_MESSAGES);
  const fitting: Message[] = [];
  let left = HISTORY_TOKENS;
  for (const said of messages.toReversed()) {
    const message = readAgain(said, HISTORY_FILES);
    left -= tokensIn(message.text);
    if (left < 0 && fitting.length >= LAST_EXCHANGE) break;
    fitting.unshift(message);
  }
  return fitting;
}

/** An answer may say that something was kept or forgotten; when nothing was, the reader is told. */
function unkept(outcome: StepOutcome): StepOutcome {
  if (outcome.reply.kind !== "answer") return outcome;
  const text = `${outcome.reply.text}\n\n*Nothing was kept or forgotten: these words came from outside.*`;
  return { ...outcome, reply: { ...outcome.reply, text } };
}

/** An answer over files that were not read, or not whole, says so, whether or not the agent thought of it. */
function honest(outcome: StepOutcome, { messages }: TakenTurn): StepOutcome {
  if (outcome.reply.kind !== "answer") return outcome;
  const { text } = outcome.reply;
  const untold = messages.flatMap(({ files = [] }) => files.filter(({ name, fault }) => fault && !text.includes(name)));
  if (untold.length === 0) return outcome;
  const notes = untold.map(({ fault }) => `*${fault}*`);
  return { ...outcome, reply: { ...outcome.reply, text: [text, ...notes].join("\n\n") } };
}

/** Whoever looks things up where others read finds less than there is: "nothing" alone would not be true. */
function withheld(outcome: StepOutcome, { address }: TakenTurn, { agent, recalled }: AgentStep): StepOutcome {
  const { reply } = outcome;
  const looked = agent.tools.includes("list_notes") && outcome.changes.length === 0;
  if (address.visibility === "private" || !looked || recalled?.verdict !== "none") return outcome;
  if (reply.kind === "answer") return { ...outcome, reply: { ...reply, text: `${reply.text}\n\n${ALONE}` } };
  return reply.kind === "fail" ? { ...outcome, reply: { ...reply, reason: `${reply.reason}\n\n${ALONE}` } } : outcome;
}

const ALONE = "*Others read here, so I looked only at what everybody may see. Ask me in private for the rest.*";

function witness(turn: TakenTurn, crew: Bench) {
  return {
    draft: (text: string) => crew.progress.publish(turn.address, { kind: "draft", turn: turn.id, text }),
    status: (line: string) => crew.progress.publish(turn.address, { kind: "status", turn: turn.id, line }),
    trace: (event: TraceEvent) => crew.tracer.add(event),
  };
}

function record(outcome: StepOutcome, startedAt: Date, endedAt: Date): Settlement["steps"][number] {
  return {
    agent: outcome.agent,
    reply: outcome.reply.kind,
    code: outcome.reply.kind === "fail" ? outcome.reply.code : null,
    model: outcome.model,
    usage: outcome.usage,
    calls: outcome.calls,
    tools: outcome.tools,
    startedAt,
    endedAt,
  };
}

/** Which of the recalled items the answer names as [m12]. */
function cited(outcome: StepOutcome, recalled: Recalled | undefined): readonly ItemId[] {
  if (outcome.reply.kind !== "answer" || !recalled) return [];
  const named = new Set(Array.from(outcome.reply.text.matchAll(/\[m(\d+)\]/g), (match) => match[1]));
  return recalled.items.filter((item) => named.has(item.id)).map((item) => itemId(item.id));
}
