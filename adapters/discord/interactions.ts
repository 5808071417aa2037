/**
 * Commands, completion and clicks, by the gateway or by signed posts alike: answered at once with "is thinking", then
 * stored, then worked on. Discord sends none twice, so that who was not stored is asked to repeat.
 */
import type { AdapterHost, Admission, Inbound, Receipt, Seal } from "#core";
import { agentChoices } from "./autocomplete.ts";
import { actionOf } from "./components.ts";
import { defer, respondChoices } from "./defer.ts";
import { closeHandle, type CommandHandle } from "./handle.ts";
import { placeOf, readInteraction, type Interaction } from "./interaction.ts";
import { isHidden, readCommand } from "./parse.ts";
import { senderOf } from "./platform.ts";
import { answerPress } from "./press.ts";
import type { Rest } from "./rest.ts";
import type { Showing } from "./showing.ts";
import { tell, type TellDeps } from "./tell.ts";
import { wordsFor } from "./receipt.ts";

export type InteractionDeps = TellDeps & {
  readonly host: Pick<AdapterHost, "accept" | "press" | "people" | "agents" | "clock" | "log">;
  readonly rest: Rest;
  readonly seal: Seal;
  readonly admission: Pick<Admission, "note">;
  readonly showing: Pick<Showing, "heard">;
  readonly closing: AbortSignal;
};

export interface Interactions {
  /** Never throws. Resolves when the interaction is stored and answered as far as it can be. */
  take(data: unknown): Promise<void>;
}

const REPEAT = "I could not keep this just now. Please repeat it in a moment.";
const LEAVING = "I am about to restart. Please repeat this in a moment.";
const CLICK_AGAIN = "That did not work just now. Please click again in a moment.";
const LONG_AGO = new Date(0);
const STALE = "This button has had its day.";

export function createInteractions(deps: InteractionDeps): Interactions {
  const { host, rest, closing } = deps;

  async function complete(interaction: Interaction): Promise<void> {
    const { what, user } = interaction;
    if (what.kind !== "autocomplete") return;
    const choices = await agentChoices({ user, typed: what.typed, withAuto: what.name === "agent" }, host);
    await respondChoices(interaction, choices, rest);
  }

  async function command(interaction: Interaction): Promise<void> {
    const hidden = isHidden(interaction);
    const deferred = await defer(interaction, hidden, rest);
    if (deferred.kind === "lost") host.log.warn("discord.defer_lost", { code: deferred.code });
    // A lost token opens nothing, though the handle still tells whom to write to.
    const handle = handleOf(interaction, hidden, deferred.kind === "lost" ? LONG_AGO : host.clock.now());
    const say = async (words: string): Promise<void> => {
      // Of a second delivery nobody waits for an answer any more.
      if (deferred.kind === "again") return;
      const where = { token: handle.token, hidden: hidden || interaction.isDirect };
      const told = await tell(listenerOf(deferred.kind, where, interaction), words, deps);
      if (told !== "ok") host.log.warn("discord.not_told", { code: told });
    };
    if (closing.aborted) return say(LEAVING);
    const inbound = readCommand(interaction);
    if ("ignored" in inbound) return say(inbound.ignored);
    const receipt = await store(inbound, handle, deps);
    if (receipt === undefined) return say(closing.aborted ? LEAVING : REPEAT);
    if (receipt.kind === "accepted" && deferred.kind !== "lost") deps.showing.heard(receipt.message, handle);
    const words = wordsFor(receipt, "command");
    if (words !== undefined) await say(words);
  }

  async function click(interaction: Interaction): Promise<void> {
    const { what, user } = interaction;
    if (what.kind !== "click") return;
    const deferred = await defer(interaction, true, rest);
    if (deferred.kind === "again") return;
    if (deferred.kind === "lost") return host.log.warn("discord.defer_lost", { code: deferred.code });
    const action = actionOf(what.customId);
    const press = { address: placeOf(interaction, what.hidden), sender: senderOf(user) };
    const answered = await answerPress(interaction, await pressed(press, action), deps);
    if (answered !== "ok") host.log.warn("discord.not_told", { code: answered });
  }

  async function pressed(press: Omit<Parameters<AdapterHost["press"]>[0], "action">, action: string | undefined) {
    if (closing.aborted) return cardOf(LEAVING);
    if (action === undefined) return cardOf(STALE);
    try {
      return await host.press({ ...press, action });
    } catch (error) {
      host.log.error("discord.not_pressed", error);
      return cardOf(closing.aborted ? LEAVING : CLICK_AGAIN);
    }
  }

  return {
    async take(data) {
      const interaction = readInteraction(data);
      if (!interaction) return host.log.warn("discord.not_understood", { what: "interaction" });
      try {
        switch (interaction.what.kind) {
          case "autocomplete":
            return await complete(interaction);
          case "command":
            return await command(interaction);
          case "click":
            return await click(interaction);
        }
      } catch (error) {
        host.log.error("discord.interaction_failed", error, { kind: interaction.what.kind });
      }
    },
  };
}

const cardOf = (text: string) => ({ card: { text, actions: [] } });

/** Whom a token no longer reaches is written to directly. */
function listenerOf(
  kind: "deferred" | "lost",
  handle: Pick<CommandHandle, "token" | "hidden">,
  { user, id }: Interaction,
) {
  return kind === "lost"
    ? ({ kind: "writer", user, message: id, channel: null } as const)
    : ({ kind: "command", handle } as const);
}

const handleOf = ({ id, token, user, visitor, what }: Interaction, hidden: boolean, now: Date): CommandHandle => ({
  kind: "command",
  interaction: id,
  token,
  user,
  at: now.getTime(),
  hidden,
  visitor,
  stop: what.kind === "command" && what.name === "stop",
});

/** Undefined when it is not stored. */
async function store(
  inbound: Inbound,
  handle: CommandHandle,
  { host, seal, admission }: InteractionDeps,
): Promise<Receipt | undefined> {
  try {
    const receipt = await host.accept({ ...inbound, handle: closeHandle(handle, seal, host.clock.now()) });
    admission.note(true);
    return receipt;
  } catch (error) {
    admission.note(false);
    host.log.error("discord.not_stored", error);
    return undefined;
  }
}
