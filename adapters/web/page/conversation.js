/** The list of messages on the page: each id once, in the order of ids, whatever order they come in. */
import { actionsElement } from "./actions.js";
import { buttonOf } from "./button.js";

const LONG_TEXT = 1_800;

const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/**
 * `onWhy` is called when someone asks why the newest reply is what it is, `onPress(id)` when a button under a reply is
 * pressed: see actions.js.
 */
export function createConversation(list, { onWhy, onPress }) {
  const shown = new Map();

  function place(element) {
    const id = element.dataset.id;
    const later = id && [...list.children].find((other) => other.dataset.id && isLater(other.dataset.id, id));
    const unsent = list.querySelector(":scope > [data-client]:not([data-id])");
    list.insertBefore(element, later ?? (id ? unsent : null));
    markDay(element);
    refreshWhy();
  }

  function refreshWhy() {
    for (const button of list.querySelectorAll(".why"))
      button.hidden = button.closest(".reply") !== list.lastElementChild;
  }

  return {
    /** A message of the transcript. True when it was not shown before. */
    add(message) {
      if (shown.has(message.id)) return false;
      const waiting = message.client && list.querySelector(`[data-client="${CSS.escape(message.client)}"]`);
      if (waiting) {
        this.settle(message.client, message);
        return false;
      }
      const element =
        message.from === "nova" ? replyElement(message, onWhy, onPress) : saidElement(message.text, message.at);
      element.dataset.id = message.id;
      shown.set(message.id, element);
      place(element);
      return true;
    },

    /** A reply that reads otherwise by now. One that is not shown here is left alone. */
    amend(message) {
      shown.get(message.id)?.amend?.(message);
    },

    /** A message of this tab that is on its way. */
    addUnsent(client, text) {
      const element = saidElement(text, new Date().toISOString());
      element.dataset.client = client;
      place(element);
    },

    /** The server has the message: it takes its place among the others. */
    settle(client, { id, at }) {
      const element = list.querySelector(`[data-client="${CSS.escape(client)}"]`);
      if (!element || element.dataset.id) return;
      if (shown.has(id)) return element.remove();
      element.dataset.id = id;
      element.dataset.at = at ?? element.dataset.at;
      shown.set(id, element);
      place(element);
    },

    /** `actions` are buttons beside the words. */
    mark(client, state, words, actions = []) {
      const element = list.querySelector(`[data-client="${CSS.escape(client)}"]`);
      if (!element) return;
      element.classList.toggle("sending", state === "sending");
      element.classList.toggle("waiting", state === "waiting");
      element.classList.toggle("failed", state === "failed");
      const line = element.querySelector(".state");
      const buttons = actions.map(({ name, run }) => buttonOf(name, run));
      line.replaceChildren(...(words ? [span(words)] : []), ...buttons);
    },

    remove(client) {
      list.querySelector(`[data-client="${CSS.escape(client)}"]`)?.remove();
      refreshWhy();
    },

    get isEmpty() {
      return list.childElementCount === 0;
    },

    /** Whether the newest message is the person's own and stored: Nova owes an answer. */
    get awaitsReply() {
      return list.lastElementChild?.matches(".said[data-id]") ?? false;
    },
  };

  function markDay(element) {
    // Until the server has it, a message has only this machine's idea of the day.
    if (!element.dataset.id) return;
    const own = dayOf(element);
    const before = previousMessage(element);
    if (before ? dayOf(before) === own : own === day.format(new Date())) return;
    if (element.previousElementSibling?.matches(".day")) return;
    const line = document.createElement("li");
    line.className = "day";
    line.textContent = own === day.format(new Date()) ? "Today" : own;
    element.before(line);
  }
}

/** Code gets a button that copies it, where the browser allows that. */
function decorate(prose) {
  for (const pre of prose.querySelectorAll("pre")) {
    if (!navigator.clipboard) return;
    const frame = document.createElement("div");
    frame.className = "code";
    const copy = buttonOf("Copy", async () => {
      await navigator.clipboard.writeText(pre.textContent);
      copy.textContent = "Copied";
      copy.classList.add("done");
      setTimeout(() => {
        copy.textContent = "Copy";
        copy.classList.remove("done");
      }, 1_500);
    });
    copy.classList.add("copy");
    pre.replaceWith(frame);
    frame.append(pre, copy);
  }
}

function saidElement(text, at) {
  const element = item("said", at);
  element.classList.toggle("command", /^\/\w/.test(text) && text.length < 80);
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.dir = "auto";
  bubble.textContent = text;
  const state = document.createElement("div");
  state.className = "state";
  element.append(unseen("You said:"), bubble);
  if (text.length > LONG_TEXT || text.split("\n").length > 24) {
    element.classList.add("long");
    const more = buttonOf("Show all", () => {
      more.textContent = element.classList.toggle("open") ? "Show less" : "Show all";
    });
    more.className = "more";
    element.append(more);
  }
  element.append(state);
  return element;
}

function replyElement(message, onWhy, onPress) {
  const element = item("reply", message.at);
  element.classList.add(message.kind);
  const label = document.createElement("div");
  label.className = "label";
  label.append(
    span(message.name, "name"),
    ...[modelWords(message), KIND_WORDS[message.kind]].filter(Boolean).map((words) => span(words)),
  );
  const time = document.createElement("time");
  time.dateTime = message.at;
  time.textContent = clock.format(new Date(message.at));
  label.append(time);
  if (message.agent) {
    const why = buttonOf("", onWhy);
    why.className = "why";
    why.setAttribute("aria-label", `Why did ${message.name} answer?`);
    why.append(span("why?"));
    label.append(why);
  }
  const prose = document.createElement("div");
  prose.className = "prose";
  prose.dir = "auto";
  let html;
  const say = (words) => {
    if (words === html) return;
    html = words;
    // Made safe by the server: see render.ts. The page's policy runs no inline script either way.
    prose.innerHTML = words;
    decorate(prose);
  };
  say(message.html);
  const buttons = actionsElement(message.actions ?? [], onPress, message.name);
  element.append(label, prose, buttons);
  element.amend = (other) => {
    say(other.html);
    buttons.change(other.actions ?? []);
  };
  return element;
}

const KIND_WORDS = { clarify: "asks back", fail: "could not answer", stopped: "stopped" };

function modelWords({ agent, model }) {
  if (!agent) return "";
  if (model === "offline") return "offline model";
  return model ?? "by rule";
}

function item(className, at) {
  const element = document.createElement("li");
  element.className = className;
  element.dataset.at = at;
  return element;
}

function span(words, className = "") {
  const element = document.createElement("span");
  element.textContent = words;
  if (className) element.className = className;
  return element;
}

const unseen = (words) => span(words, "unseen");
const dayOf = (element) => day.format(new Date(element.dataset.at));

function previousMessage(element) {
  let other = element.previousElementSibling;
  while (other && !other.dataset.at) other = other.previousElementSibling;
  return other;
}

/** Ids are decimal numbers, too large for a float. */
function isLater(a, b) {
  return a.length === b.length ? a > b : a.length > b.length;
}
