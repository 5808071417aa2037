/**
 * Commands, completion, clicks and forms, by the gateway or by signed posts alike: answered at once with "is thinking", then
 * stored, then worked on. Discord sends none twice, so that who was not stored is asked to repeat.
 */
import type { AdapterHost, Admission, Inbound, Receipt, Seal } from "#core";
import { closeHandle, type CommandHandle } from "../handle.ts";
import { isHidden, readCommand } from "../parse.ts";
import type { Rest } from "../rest.ts";
import type { Showing } from "../showing/showing.ts";
import { agentChoices } from "./autocomplete.ts";
import { defer, respondChoices } from "./defer.ts";
import { readInteraction, type Interaction } from "./interaction.ts";
import { wordsFor } from "./receipt.ts";
import { createTakePress, LEAVING } from "./take-press.ts";
import { tell, type TellDeps } from "./tell.ts";

export type TakeInteractionDeps = TellDeps & {
  readonly host: Pick<AdapterHost, "accept" | "press" | "people" | "agents" | "clock" | "log">;
  readonly rest: Rest;
  readonly seal: Seal;
  readonly admission: Pick<Admission, "note">;
  readonly showing: Pick<Showing, "heard">;
  readonly closing: AbortSignal;
};

/** Never throws. Resolves when the interaction is stored and answered as far as it can be. */
export type TakeInteraction = (data: unknown) => Promise<void>;

const REPEAT = "I could not keep this just now. Please repeat it in a moment.";
const LONG_AGO = new Date(0);

export function createTakeInteraction(deps: TakeInteractionDeps): TakeInteraction {
  const { host, rest, closing } = deps;
  const takePress = createTakePress(deps);

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

  return async (data) => {
    const interaction = readInteraction(data);
    if (!interaction) return host.log.warn("discord.not_understood", { what: "interaction" });
    try {
      switch (interaction.what.kind) {
        case "autocomplete":
          return await complete(interaction);
        case "command":
          return await command(interaction);
        case "click":
          return await takePress.click(interaction, interaction.what);
        case "form":
          return await takePress.form(interaction, interaction.what);
      }
    } catch (error) {
      host.log.error("discord.interaction_failed", error, { kind: interaction.what.kind });
    }
  };
}

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
  { host, seal, admission }: TakeInteractionDeps,
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
