/** What Nova said without being asked in somebody's terminal: reminders, messages passed on, answers to schedules. Used by the routes. */
import { isReply, type AdapterHost, type Message, type MessageId, type Person } from "#core";
import { nameOf } from "./name.ts";
import { addressOf } from "./parse.ts";
import { drawReply } from "./reply.ts";
import type { Look } from "./render.ts";

type Host = Pick<AdapterHost, "transcript" | "agentName">;

export type Unasked = {
  readonly id: MessageId;
  /** Who says it, as people read it. */
  readonly name: string;
  /** Drawn. */
  readonly body: string;
};

/** How far everybody has read here, for as long as this process runs. */
export type Read = Map<Person["id"], MessageId>;

/** Of more than these the older ones stand in the history alone. */
const MOST = 20;
const LOOK_BACK = 50;

/** What they have not seen yet. */
export async function sinceThen(
  person: Person,
  look: Look,
  { read, host }: { readonly read: Read; readonly host: Host },
): Promise<readonly Unasked[]> {
  return (await unaskedAfter(await markOf(person, read, host), { person, look }, host)).said;
}

/** The newest message that this person certainly knows: their last own one, or what was shown to them since. */
async function markOf(person: Person, read: Read, host: Host): Promise<MessageId | null> {
  const lately = await host.transcript.at(addressOf(person.id), person, null, LOOK_BACK);
  const own = lately.findLast((message) => isOwn(message));
  const shown = read.get(person.id);
  // What is older than all that is looked at was passed by long ago.
  return later(shown, own?.id ?? (lately.length === LOOK_BACK ? lately[0]?.id : undefined)) ?? null;
}

const later = (a: MessageId | undefined, b: MessageId | undefined): MessageId | undefined =>
  a === undefined || (b !== undefined && Number(b) > Number(a)) ? b : a;

/** What was said behind the mark, oldest first, and where the reader is then. Nobody has read anything yet: nothing. */
export async function unaskedAfter(
  mark: MessageId | null,
  { person, look }: { readonly person: Person; readonly look: Look },
  host: Host,
): Promise<{ readonly said: readonly Unasked[]; readonly mark: MessageId | null }> {
  const messages = await host.transcript.at(addressOf(person.id), person, mark, LOOK_BACK);
  const said: Unasked[] = [];
  for (const message of messages) if (await isUnasked(message, person, host)) said.push(shown(message, look, host));
  return { said: said.slice(-MOST), mark: messages.at(-1)?.id ?? mark };
}

const isOwn = (message: Message): boolean => !isReply(message) && message.scheduled === undefined;

/** No message of the person's own began its turn. */
async function isUnasked(message: Message, person: Person, { transcript }: Host): Promise<boolean> {
  if (!isReply(message) || message.turn === null || message.deletedAt) return false;
  const turn = await transcript.turnOf(message.turn, person);
  return turn !== undefined && turn !== "another's" && !turn.messages.some(isOwn);
}

const shown = (message: Message, look: Look, host: Host): Unasked => {
  const agent = message.author.kind === "agent" ? message.author.agent : null;
  return { id: message.id, name: nameOf(agent, host), body: drawReply(message, look) };
};
