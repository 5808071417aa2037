/** Clicks and filled-in forms: handed to Nova, and answered to the one who pressed alone. Used by receive.ts. */
import { plainMarkdown, sentenceFor, type AdapterHost, type Pressed, type Seal } from "#core";
import type { Identity } from "../identity.ts";
import { closeUrl, openUrl } from "../response-url.ts";
import { parseClick, type Clicked } from "./click.ts";
import type { FormPlace } from "./form-place.ts";
import { modalOf, parseForm, type Submitted } from "./form.ts";
import type { Hearer, Voice } from "./voice.ts";

export type PressingDeps = {
  readonly host: Pick<AdapterHost, "press" | "clock" | "log">;
  readonly identity: Pick<Identity, "of">;
  readonly voice: Voice;
  readonly seal: Seal;
};

export async function takeClick(body: unknown, deps: PressingDeps): Promise<void> {
  const { host, identity, voice } = deps;
  const clicked = parseClick(body);
  if ("ignored" in clicked) return host.log.debug("slack.ignored", { why: clicked.ignored });
  const { hearer, press } = clicked;
  if (!press) return void voice.tell(hearer, "I do not know what that button is for.");
  try {
    const { team } = await identity.of();
    answer(await host.press(press(team)), clicked, deps);
  } catch (error) {
    // Slack delivers a click once. The clicker is told; nobody else would come again for it.
    host.log.error("slack.press_failed", error);
    void voice.tell(hearer, `That did not work: ${sentenceFor(error)} Please press it again in a moment.`);
  }
}

function answer(pressed: Pressed, { hearer, trigger, place }: Clicked, { voice, seal, host }: PressingDeps): void {
  const { responseUrl } = hearer;
  const url = responseUrl === null ? null : closeUrl(responseUrl, seal, host.clock.now()).sealed;
  const modal = pressed.form && place ? modalOf(pressed.form, { ...place, url }) : undefined;
  if (modal && trigger !== null) void voice.openForm(hearer, trigger, modal);
  else void voice.answerPress(hearer, pressed);
}

/** What is wrong with it, by the names of its fields: it stays open then, and nothing that was typed is lost. */
export async function takeForm(body: unknown, deps: PressingDeps): Promise<Record<string, string> | undefined> {
  const { host, identity, voice } = deps;
  const form = parseForm(body);
  if ("ignored" in form) {
    host.log.debug("slack.ignored", { why: form.ignored });
    return undefined;
  }
  try {
    const { team } = await identity.of();
    const pressed = await host.press(form.press(team));
    const errors = errorsIn(pressed, form);
    if (errors) return errors;
    void voice.answerPress(hearerOf(form, deps), pressed);
    return undefined;
  } catch (error) {
    host.log.error("slack.press_failed", error);
    return atFirst(form, `That did not work: ${sentenceFor(error)} Send it again in a moment.`);
  }
}

function errorsIn({ kind, errors = {}, card }: Pressed, form: Submitted): Record<string, string> | undefined {
  const known = Object.fromEntries(Object.entries(errors).filter(([name]) => form.names.includes(name)));
  if (Object.keys(known).length > 0) return known;
  return kind === "refused" ? atFirst(form, plainMarkdown(card.text)) : undefined;
}

/** Slack shows words of an error beside a field and nowhere else. */
function atFirst({ names }: Submitted, words: string): Record<string, string> | undefined {
  const [first] = names;
  return first === undefined ? undefined : { [first]: words };
}

const hearerOf = ({ user, place }: Submitted, { seal }: PressingDeps): Hearer => ({
  channel: place.channel,
  user,
  thread: place.thread,
  responseUrl: urlOf(place, seal),
});

const urlOf = ({ url }: FormPlace, seal: Seal): string | null => (url ? (openUrl(url, seal) ?? null) : null);
