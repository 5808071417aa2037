/** Says to one person what no reply is: hints, refusals, answers to clicks. Best effort; made by index.ts for receive.ts. */
import type { ModalView } from "@slack/types";
import type { ChatPostEphemeralArguments, ChatPostMessageArguments } from "@slack/web-api";
import { commandsAs, type Action, type Log } from "#core";
import { isDirect } from "../address.ts";
import type { SlackApi } from "../api.ts";
import { cardMessage, type SlackMessage } from "../message.ts";
import { NOTE_METADATA } from "../metadata.ts";
import { COMMAND } from "../platform.ts";
import { render } from "../render.ts";
import type { ResponseUrls } from "../response-url.ts";
import type { Hearer, Voice } from "./voice.ts";

export type VoiceDeps = { readonly api: SlackApi; readonly urls: ResponseUrls; readonly log: Log };

/** All blocks together must stay below some 13,200 letters: four full sections. */
const SECTIONS = 4;
const MOST_MESSAGES = 4;

/** Slack waits three seconds for a form. */
const NO_FORM =
  "The form did not open in the three seconds that Slack gives. Nothing has changed: press the button again.";

const PROMPTS = [
  { title: "What can you do?", message: "What can you do?" },
  { title: "Who can help me?", message: "/agent" },
  { title: "What do you remember?", message: "What do you remember about me?" },
  { title: "What was spent?", message: "/budget" },
];

export function createVoice({ api, urls, log }: VoiceDeps): Voice {
  return {
    tell: (to, markdown) => bestEffort(() => say(to, markdown, [])),
    answerPress: (to, { card }) => bestEffort(() => say(to, card.text, card.actions)),
    openForm: (to, trigger, modal) => bestEffort(() => open(to, trigger, modal)),
    suggest: (channel, thread) => bestEffort(() => suggest(channel, thread)),
  };

  /** Nobody waits for what is said: a failure is seen here or nowhere. */
  async function bestEffort(said: () => Promise<void>): Promise<void> {
    try {
      await said();
    } catch (error) {
      log.error("slack.not_told", error);
    }
  }

  async function open(to: Hearer, trigger: string, view: ModalView): Promise<void> {
    const answer = await api.call((client) => client.views.open({ trigger_id: trigger, view }));
    if (answer.kind === "done") return;
    log.warn("slack.form_not_opened", { code: answer.code });
    await say(to, NO_FORM, []);
  }

  async function suggest(channel: string, thread: string | null): Promise<void> {
    const args = { channel_id: channel, prompts: PROMPTS, ...(thread === null ? {} : { thread_ts: thread }) };
    const answer = await api.call((client) => client.assistant.threads.setSuggestedPrompts(args));
    if (answer.kind !== "done") log.debug("slack.prompts_not_shown", { code: answer.code });
  }

  async function say(to: Hearer, markdown: string, actions: readonly Action[]): Promise<void> {
    const bodies = render(commandsAs(markdown, COMMAND)).map(({ body }) => body);
    const pages = Array.from({ length: Math.min(MOST_MESSAGES, Math.ceil(bodies.length / SECTIONS)) }, (_, page) =>
      bodies.slice(page * SECTIONS, (page + 1) * SECTIONS),
    );
    for (const [index, page] of pages.entries()) {
      const code = await put(to, cardMessage(page, index === pages.length - 1 ? actions : []));
      if (code !== undefined) return log.warn("slack.not_told", { code });
    }
  }

  /** The code of the failure, or undefined when it was said. */
  async function put(
    { channel, user, thread, responseUrl }: Hearer,
    message: SlackMessage,
  ): Promise<string | undefined> {
    if (responseUrl !== null) {
      const answer = await urls.answer(responseUrl, { ...message, thread });
      if (answer.kind === "done") return undefined;
      // What may have been said is not said twice.
      if (answer.kind === "unknown") return answer.code;
    }
    const where = { channel, ...message, ...(thread === null ? {} : { thread_ts: thread }) };
    const ephemeral: ChatPostEphemeralArguments = { ...where, user };
    const open: ChatPostMessageArguments = {
      ...where,
      unfurl_links: false,
      unfurl_media: false,
      metadata: NOTE_METADATA,
    };
    const answer = isDirect(channel)
      ? await api.call((client) => client.chat.postMessage(open))
      : await api.call((client) => client.chat.postEphemeral(ephemeral));
    return answer.kind === "done" ? undefined : answer.code;
  }
}
