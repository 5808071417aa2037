/** Clicks and filled-in forms: handed to Nova, and answered to the one who pressed alone. Used by take-interaction.ts. */
import { opensForm, type AdapterHost, type Press, type Pressed } from "#core";
import { actionOf } from "../components.ts";
import { senderOf } from "../platform.ts";
import type { Rest } from "../rest.ts";
import { defer, openForm } from "./defer.ts";
import { modalOf } from "./form.ts";
import { placeOf, type Interaction } from "./interaction.ts";
import { answerPress } from "./press-answer.ts";

export type TakePressDeps = {
  readonly host: Pick<AdapterHost, "press" | "log">;
  readonly rest: Rest;
  readonly application: string;
  readonly closing: AbortSignal;
};

type Click = Extract<Interaction["what"], { kind: "click" }>;
type Filled = Extract<Interaction["what"], { kind: "form" }>;

export interface TakePress {
  click(interaction: Interaction, what: Click): Promise<void>;
  form(interaction: Interaction, what: Filled): Promise<void>;
}

export const LEAVING = "I am about to restart. Please repeat this in a moment.";
const CLICK_AGAIN = "That did not work just now. Please click again in a moment.";
const SLOW = "That took longer than Discord waits, and nothing has changed. Please click again.";
const STALE = "This button has had its day.";
/** Discord waits three seconds in all, and the way there takes its part. */
const FORM_MS = 2_300;

type Told = Pick<Pressed, "card" | "form">;

export function createTakePress({ host, rest, application, closing }: TakePressDeps): TakePress {
  /** Undefined when the interaction is answered already, or cannot be any more. */
  async function deferred(interaction: Interaction): Promise<boolean> {
    const { kind, ...more } = await defer(interaction, true, rest);
    if (kind === "lost") host.log.warn("discord.defer_lost", more);
    return kind === "deferred";
  }

  async function answer(interaction: Interaction, told: Told): Promise<void> {
    const answered = await answerPress(interaction, told, { rest, application });
    if (answered !== "ok") host.log.warn("discord.not_told", { code: answered });
  }

  async function pressed(press: Omit<Press, "action">, action: string | undefined): Promise<Told> {
    if (closing.aborted) return cardOf(LEAVING);
    if (action === undefined) return cardOf(STALE);
    try {
      return await host.press({ ...press, action });
    } catch (error) {
      host.log.error("discord.not_pressed", error);
      return cardOf(closing.aborted ? LEAVING : CLICK_AGAIN);
    }
  }

  /** A form is a first answer or none: what is pressed is asked before anything is said. */
  async function show(interaction: Interaction, press: Omit<Press, "action">, action: string): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<Told>();
    const patience = setTimeout(() => resolve(cardOf(SLOW)), FORM_MS);
    const told = await Promise.race([pressed(press, action), late]).finally(() => clearTimeout(patience));
    const modal = told.form && modalOf(told.form);
    if (!modal) return (await deferred(interaction)) ? answer(interaction, told) : undefined;
    const opened = await openForm(interaction, modal, rest);
    if (opened.kind === "lost") host.log.warn("discord.form_not_opened", { code: opened.code });
  }

  const by = (interaction: Interaction, { hidden }: Click | Filled): Omit<Press, "action"> => ({
    address: placeOf(interaction, hidden),
    sender: senderOf(interaction.user),
  });

  return {
    async click(interaction, what) {
      const action = actionOf(what.customId);
      if (action !== undefined && opensForm(action)) return show(interaction, by(interaction, what), action);
      if (await deferred(interaction)) await answer(interaction, await pressed(by(interaction, what), action));
    },
    async form(interaction, what) {
      if (!(await deferred(interaction))) return;
      const press = { ...by(interaction, what), fields: what.fields };
      await answer(interaction, await pressed(press, actionOf(what.customId)));
    },
  };
}

const cardOf = (text: string): Told => ({ card: { text, actions: [] } });
