/** Turns from taken to settled: the port Turns of the core. Every write is a compare-and-set on the turn's epoch. */
import {
  agentId,
  branchId,
  conversationId,
  personId,
  placeOf,
  projectId,
  turnId,
  wholeOf,
  type AgentId,
  type ConversationId,
  type Message,
  type MessageFile,
  type MessageId,
  type Route,
  type TakenTurn,
  type TurnId,
  type Turns,
} from "#core";
import { findRunningBeside, isAnswered } from "./beside.ts";
import { begin, collect, type TurnRow } from "./beginning.ts";
import { inConversation, inEveryTenant, isRowId, lockConversation } from "../conversation-rows.ts";
import type { Database, OpenTx, Tx } from "../engine/database.ts";
import { messageFrom, READ_COLUMNS, type MessageRow } from "./message-rows.ts";
import { findPerson } from "../people/person-rows.ts";
import { ending } from "../engine/transaction.ts";
import { settleTurn, type SettlementDeps } from "./settlement.ts";
import { silenced } from "./silence.ts";
import { settleCalls } from "../spending-rows.ts";
import { findSteps, insertFinished } from "./step-rows.ts";
import { storableJson } from "../engine/storable.ts";
import { appendHeld, appendOnce, appendTrace, lockTurn } from "./trace-rows.ts";

export function createTurns(database: Database, deps: SettlementDeps): Turns {
  return {
    take: (conversation) =>
      inConversation(database, conversation, async (tx) => {
        const [place, unfinished] = await Promise.all([lockConversation(tx, conversation), retake(tx, conversation)]);
        if (!place) return undefined;
        const here = { conversation, pinned: place.pinned };
        if (unfinished) return takenFrom(tx, unfinished, here);
        const begun = await begin(tx, conversation, place.address, deps.clock.now());
        if (!begun) return undefined;
        const [, turn] = await Promise.all([collect(tx, begun.waiting, begun.row), takenFrom(tx, begun.row, here)]);
        return turn;
      }),

    retake: (conversation) =>
      inConversation(database, conversation, async (tx) => {
        const [place, row] = await Promise.all([lockConversation(tx, conversation), retake(tx, conversation)]);
        return place && row && takenFrom(tx, row, { conversation, pinned: place.pinned });
      }),

    trace: (turn, events) => database.within(placeOf(turn), (tx) => appendHeld(tx, turn, events)),

    noteFiles: (turn, message, files) =>
      database.within(placeOf(turn), async (tx) => {
        if (!(await holds(tx, turn))) return false;
        await updateFiles(tx, turn, message, files);
        return true;
      }),

    noteStep: (turn, step, route) =>
      database.within(placeOf(turn), async (tx) => {
        // What a call came to is a fact, also when the hold is lost.
        if (step.outcome.calls.length > 0) await settleCalls(tx, step.outcome.calls);
        if (!(await holds(tx, turn))) return false;
        await insertFinished(tx, turn, step);
        await noteRoute(tx, turn, route);
        return true;
      }),

    steps: (turn) =>
      database.within(placeOf(turn), async (tx) => {
        const [route, steps] = await Promise.all([findRoute(tx, turn), findSteps(tx, turn)]);
        return route && { route, steps };
      }),

    async stop(turn) {
      if (!isRowId(turn)) return false;
      const stopped = await inEveryTenant(database, async (tx) => [await requestStop(tx, turn)]);
      return stopped.includes(true);
    },

    runningBeside: (turn) => database.within(wholeOf(turn.person), (tx) => findRunningBeside(tx, turn)),

    answer: (turn, question, route) =>
      database.within(wholeOf(turn.person), async (tx) => {
        if (!(await holds(tx, turn))) return false;
        // Two that say "2" at once: the second one waits here, and finds the first one's route.
        await lockTurn(tx, question);
        if (await isAnswered(tx, question, turn)) return false;
        await noteRoute(tx, turn, route);
        return true;
      }),

    check: (turn) => database.within(placeOf(turn), (tx) => stateOf(tx, turn)),

    settle: (turn, settlement, events = []) =>
      database.within(placeOf(turn), (tx) => settleTurn(tx, turn, { ...settlement, events }, deps)),

    release: (turn, why) =>
      database.within(placeOf(turn), async (tx) => {
        if (!(await holds(tx, turn))) return false;
        if (why === "shutdown")
          await appendTrace(tx, turn.id, [{ at: deps.clock.now(), event: { kind: "released", why } }]);
        await letGo(tx, turn);
        return true;
      }),

    learn: (turn, person, what) =>
      database.within(wholeOf(person), async (tx) => {
        await lockTurn(tx, turn);
        await appendOnce(tx, turn, { at: deps.clock.now(), event: { kind: "learned", what } });
      }),

    unfinished: () => inEveryTenant(database, unfinishedHere),
  };
}

async function takenFrom(
  tx: OpenTx,
  row: TurnRow,
  place: { readonly conversation: ConversationId; readonly pinned: AgentId | null },
): Promise<TakenTurn> {
  const id = turnId(row.id);
  const [person, from, messages] = await Promise.all([
    findPerson(tx, personId(row.person_id)),
    originOf(tx, id),
    messagesOf(ending(tx), id),
  ]);
  if (!person) throw new Error(`person ${row.person_id} of a turn is missing`);
  return {
    id,
    epoch: row.epoch,
    conversation: place.conversation,
    address: row.address,
    person,
    project: row.project_id === null ? null : projectId(row.project_id),
    branch: row.branch_id === null ? null : branchId(row.branch_id),
    origin: from.outside ? "outside" : person.role,
    messages,
    waitedFrom: from.stored,
    pinned: from.addressed ?? place.pinned,
    cancelled: row.cancel_requested || from.silenced,
    attempts: row.attempts,
  };
}

/** Whoever took the unfinished turn before has lost it from here on. */
async function retake(tx: Tx, conversation: ConversationId): Promise<TurnRow | undefined> {
  const { rows } = await tx.query<TurnRow>(
    `update turn set epoch = epoch + 1, attempts = attempts + 1
     where conversation_id = $1 and state = 'running'
     returning id, person_id, project_id, branch_id, epoch, attempts, cancel_requested, address`,
    [conversation],
  );
  return rows[0];
}

async function messagesOf(tx: Tx, turn: TurnId): Promise<readonly Message[]> {
  const { rows } = await tx.query<MessageRow>(
    `select ${READ_COLUMNS}, schedule.name as schedule
     from message left join person author on author.id = message.author_id
       left join schedule on schedule.person_id = message.author_id
         and schedule.id = substring(message.message_key from '^schedule:(\\d{1,18}):')::bigint
     where message.turn_id = $1 and message.direction = 'in'
     order by message.id`,
    [turn],
  );
  const messages = rows.map(messageFrom);
  const left = messages.filter(({ deletedAt }) => deletedAt === undefined);
  return left.length > 0 ? left : messages;
}

async function originOf(
  tx: Tx,
  turn: TurnId,
): Promise<{
  readonly outside: boolean;
  readonly addressed: AgentId | null;
  readonly stored: Date;
  readonly silenced: boolean;
}> {
  const { rows } = await tx.query<{
    outside: boolean | null;
    addressed: string | null;
    stored: Date;
    silenced: boolean;
  }>(
    `select bool_or(origin is not null) as outside, (array_agg(addressed_to order by id desc))[1] as addressed,
       coalesce(min(stored_at), now()) as stored, ${silenced("$1")} as silenced
     from message where turn_id = $1 and direction = 'in'`,
    [turn],
  );
  const { outside = null, addressed = null, stored = new Date(0), silenced: silent = false } = rows[0] ?? {};
  return {
    outside: outside ?? false,
    addressed: addressed === null ? null : agentId(addressed),
    stored,
    silenced: silent,
  };
}

/** Locks the turn while this hold is the good one. */
async function holds(tx: Tx, turn: TakenTurn): Promise<boolean> {
  const { rowCount } = await tx.query(
    "select id from turn where id = $1 and epoch = $2 and state = 'running' for update",
    [turn.id, turn.epoch],
  );
  return rowCount === 1;
}

/** The next take counts up again what is taken off here. */
async function letGo(tx: Tx, turn: TakenTurn): Promise<void> {
  await tx.query("update turn set attempts = attempts - 1 where id = $1", [turn.id]);
}

/** The steps of a turn belong to one route; its end writes it again. */
async function noteRoute(tx: Tx, turn: TakenTurn, route: Route): Promise<void> {
  await tx.query("update turn set route = $2 where id = $1 and route is null", [turn.id, storableJson(route)]);
}

async function findRoute(tx: Tx, turn: TakenTurn): Promise<Route | undefined> {
  const { rows } = await tx.query<{ route: Route | null }>("select route from turn where id = $1", [turn.id]);
  return rows[0]?.route ?? undefined;
}

/** What was deleted meanwhile stays deleted. */
async function updateFiles(tx: Tx, turn: TakenTurn, message: MessageId, files: readonly MessageFile[]): Promise<void> {
  await tx.query("update message set files = $3 where id = $1 and turn_id = $2 and deleted_at is null", [
    message,
    turn.id,
    storableJson(files),
  ]);
}

async function requestStop(tx: Tx, turn: TurnId): Promise<boolean> {
  const { rowCount } = await tx.query("update turn set cancel_requested = true where id = $1 and state = 'running'", [
    turn,
  ]);
  return rowCount === 1;
}

async function stateOf(tx: Tx, turn: TakenTurn): Promise<"held" | "stopped" | "lost"> {
  const { rows } = await tx.query<{ stopped: boolean }>(
    `select cancel_requested or ${silenced("turn.id")} as stopped from turn
     where id = $1 and epoch = $2 and state = 'running'`,
    [turn.id, turn.epoch],
  );
  const [row] = rows;
  if (!row) return "lost";
  return row.stopped ? "stopped" : "held";
}

async function unfinishedHere(tx: Tx): Promise<readonly ConversationId[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select conversation_id as id from message where turn_id is null
     union
     select conversation_id from turn where state = 'running'
     order by id`,
  );
  return rows.map((row) => conversationId(row.id));
}
