/** What is done with a delivery: stored first, and whoever cannot be answered in the conversation is told beside it. */
import {
  commandsAs,
  type AdapterHost,
  type Admission,
  type Ignored,
  type Inbound,
  type Log,
  type Receipt,
  type Seal,
} from "#core";
import { isDirect } from "../address.ts";
import type { Clerk } from "../doors/desk.ts";
import type { Identity } from "../identity.ts";
import { parse } from "../parse.ts";
import { COMMAND } from "../platform.ts";
import { openedView } from "./agent-view.ts";
import { HELP, wordsOf } from "./commands.ts";
import type { Envelope } from "./envelope.ts";
import { mentionedIn } from "./markdown.ts";
import type { Names } from "./names.ts";
import { takeClick, takeForm } from "./pressing.ts";
import { handleOf } from "./reply-handle.ts";
import { isRevision, parseRevision } from "./revision.ts";
import type { Hearer, Voice } from "./voice.ts";

export type ReceiveDeps = {
  readonly host: Pick<AdapterHost, "accept" | "revise" | "press" | "clock" | "log">;
  readonly identity: Pick<Identity, "of">;
  readonly names: Names;
  readonly voice: Voice;
  /** Told whether storing worked, for the adapter's health. */
  readonly admission: Pick<Admission, "note">;
  readonly seal: Seal;
};

export function createClerk(deps: ReceiveDeps): Clerk {
  return {
    event: (body) => takeEvent(body, deps),
    command: (body) => takeCommand(body, deps),
    click: (body) => takeClick(body, deps),
    form: (body) => takeForm(body, deps),
  };
}

async function takeEvent(body: unknown, deps: ReceiveDeps): Promise<void> {
  const opened = openedView(body);
  if (opened) {
    // Not waited for: a prompt that comes late or never harms nobody.
    void deps.voice.suggest(opened.channel, opened.thread);
    return;
  }
  const about = await aboutOf(body, deps);
  if (isRevision(body)) return takeRevision(about, deps);

  const first = parse(about, { now: deps.host.clock.now() });
  if ("ignored" in first) return ignore(first, deps.host.log);
  // Only now: names of people in words that are not for Nova are none of its business.
  const names = await deps.names.of([first.sender.id, ...mentionedIn(textOf(body))]);
  const inbound = parse({ ...about, names }, { now: deps.host.clock.now() });
  if ("ignored" in inbound) return ignore(inbound, deps.host.log);
  const receipt = await stored(() => deps.host.accept(inbound), deps);
  const words = wordsFor(receipt, false);
  if (words !== undefined) void deps.voice.tell(hearerOf(inbound), words);
}

async function takeRevision(about: Envelope, deps: ReceiveDeps): Promise<void> {
  const now = deps.host.clock.now();
  const first = parseRevision(about, now);
  if ("ignored" in first) return ignore(first, deps.host.log);
  const names = first.text === null ? {} : await deps.names.of(mentionedIn(editedTextOf(about.body)));
  const revision = parseRevision({ ...about, names }, now);
  if ("ignored" in revision) return ignore(revision, deps.host.log);
  await stored(() => deps.host.revise(revision), deps);
}

/** A command is delivered once: what cannot be stored is said so at once, to whoever gave it. */
async function takeCommand(body: unknown, deps: ReceiveDeps): Promise<string | undefined> {
  if (wordsOf(textOf(body)) === undefined) return HELP;
  try {
    const now = deps.host.clock.now();
    const handle = handleOf(body, deps.seal, now);
    const about = await aboutOf(body, deps);
    const names = await deps.names.of(mentionedIn(textOf(body)));
    const inbound = parse({ ...about, names, handle }, { now });
    if ("ignored" in inbound) return inbound.ignored;
    const words = wordsFor(await stored(() => deps.host.accept(inbound), deps), true);
    return words && commandsAs(words, COMMAND);
  } catch (error) {
    deps.host.log.error("slack.command_not_stored", error);
    return "I could not take that just now, and nothing of it is kept. Please repeat it in a moment.";
  }
}

async function aboutOf(body: unknown, { identity }: ReceiveDeps): Promise<Envelope> {
  const { team, user, bot } = await identity.of();
  return { team, bot: { user, id: bot }, names: {}, handle: null, body };
}

async function stored<T>(store: () => Promise<T>, { admission }: ReceiveDeps): Promise<T> {
  try {
    const receipt = await store();
    admission.note(true);
    return receipt;
  } catch (error) {
    admission.note(false);
    throw error;
  }
}

function ignore({ ignored }: Ignored, log: Pick<Log, "debug">): void {
  log.debug("slack.ignored", { why: ignored });
}

/** What the sender is to be told, and nobody else. */
function wordsFor(receipt: Receipt, isCommand: boolean): string | undefined {
  switch (receipt.kind) {
    case "accepted":
      return undefined;
    case "unknown":
      // Once an hour, so that nobody makes Nova talk; a command shows its silence, and so gets its sentence each time.
      return (
        receipt.hint ?? (isCommand ? "I do not know this account yet. I told you how to become known." : undefined)
      );
    case "linked":
      return `Done: this account belongs to ${receipt.person.name} now.`;
    case "refused":
      return receipt.reason;
    case "blocked":
      return isCommand ? "I do not answer this account." : undefined;
  }
}

const hearerOf = ({ address, sender, messageKey }: Inbound): Hearer => ({
  channel: address.container,
  user: sender.id,
  // In a thread that has no answers yet Slack shows nobody what one person alone is to see.
  thread: address.root === messageKey && !isDirect(address.container) ? null : address.root,
  responseUrl: null,
});

/** The new words of a changed message, unread. */
function editedTextOf(body: unknown): string {
  const event: unknown = typeof body === "object" && body !== null && "event" in body ? body.event : undefined;
  return typeof event === "object" && event !== null && "message" in event ? textOf(event.message) : "";
}

/** The words of an event or of a command, unread. */
function textOf(body: unknown): string {
  const outer: unknown = body;
  if (typeof outer !== "object" || outer === null) return "";
  const inner: unknown = "event" in outer ? outer.event : outer;
  return typeof inner === "object" && inner !== null && "text" in inner && typeof inner.text === "string"
    ? inner.text
    : "";
}
