/** The chat page: ties the conversation, the composer and the line to the server together. */
import { connect } from "./connection.js";
import { createConversation } from "./conversation.js";
import { clearStore, createOutgoing, postJson, store, stored, uuid } from "./outgoing.js";

const $ = (id) => document.getElementById(id);
const [scroll, list, words, form] = ["scroll", "log", "words", "form"].map($);
const DRAFT = "nova.draft";
const PERSON = "nova.person";
const NEAR_PX = 96;
/** How long a finished draft stays when its reply does not come. */
const LINGER_MS = 8_000;

/** The turn at work, as the server tells it; `ended` once it is over and only its reply is missing. */
let running = null;
/** The id of whoever this page belongs to, once the server has said it. */
let person;
let stopping = false;
let live = false;
let unread = 0;
let linger;
const over = new Set();

const conversation = createConversation(list, { onWhy: () => say("/why"), onPress: press });
const outgoing = createOutgoing(conversation, {
  onSent: showWorking,
  onSignedOut: () => showState("signed-out"),
  onOther: startAnew,
  edit(text) {
    words.value = words.value ? `${text}\n${words.value}` : text;
    onWords();
    words.focus();
  },
});
const line = connect({
  onState: showState,
  isBusy: () => running !== null,
  onEvent: (name, data) =>
    ({
      person: onPerson,
      message: onMessage,
      amended: (message) => conversation.amend(message),
      progress: onProgress,
      ready: onReady,
    })[name](data),
});

/* What the server tells. */

/** Always the first, so that nobody is shown what another wrote in this tab before. */
function onPerson({ id, name }) {
  if (person && person !== id) return startAnew();
  if (!person) belongTo(id);
  $("person").textContent = name;
  $("initial").textContent = [...name][0]?.toUpperCase() ?? "";
  $("account").hidden = false;
}

function belongTo(id) {
  const isSame = stored(PERSON) === id;
  if (!isSame) clearStore();
  store(PERSON, id);
  person = id;
  words.value ||= stored(DRAFT);
  onWords();
  outgoing.belongTo(id, isSame);
}

/** Someone else is signed in here by now. */
function startAnew() {
  clearStore();
  location.reload();
}

function onMessage(message) {
  const isNew = conversation.add(message);
  if (message.from === "nova" && message.turn) {
    over.add(message.turn);
    if (running?.turn === message.turn) setRunning(null);
  }
  if (isNew && live && document.hidden && message.from === "nova") {
    unread += 1;
    document.title = `(${unread}) Nova`;
  }
  $("empty").hidden = true;
  showWorking();
}

function onProgress(progress) {
  if (over.has(progress.turn)) return;
  if (!progress.ended) return setRunning(progress);
  if (running?.turn !== progress.turn) return;
  setRunning({ ...running, ended: true });
  linger = setTimeout(() => setRunning(null), LINGER_MS);
}

function onReady({ running: now }) {
  setRunning(now && !over.has(now.turn) ? now : null);
  outgoing.resend();
  $("empty").hidden = !conversation.isEmpty;
  if (!live) toEnd();
  // What was said before is not news to a screen reader.
  live = true;
  list.setAttribute("aria-live", "polite");
}

/* What Nova is doing. */

function setRunning(next) {
  clearTimeout(linger);
  if (next?.turn !== running?.turn) stopping = false;
  running = next;
  const draft = $("draft");
  const html = next?.html ?? "";
  // Made safe by the server, as every reply.
  if (draft.innerHTML !== html) draft.innerHTML = html;
  showWorking();
}

function showWorking() {
  const owed = conversation.awaitsReply;
  $("working").hidden = !running && !owed;
  $("stop").hidden = !(running && !running.ended) && !(owed && !running);
  $("stop").disabled = stopping;
  const status = statusWords();
  if ($("status").textContent !== status) $("status").textContent = status;
}

function statusWords() {
  if (stopping) return "Stopping…";
  if (!running) return "Nova has your message";
  if (running.name && running.line) return `${running.name} — ${running.line.replace(/^./, (c) => c.toLowerCase())}`;
  if (running.name) return `${running.name} is on it`;
  return running.line ?? "Choosing who answers";
}

async function stop() {
  if ($("stop").hidden || stopping) return;
  stopping = true;
  showWorking();
  const answer = await postJson("/chat/stop", { id: uuid() }, person).catch(() => undefined);
  if (answer?.ok) return;
  if (answer?.status === 409) return startAnew();
  stopping = false;
  showWorking();
}

/* What the person does. */

/** What a click on a button, or a form that was filled in, is answered with; undefined when the page goes. */
async function press(action, fields) {
  const answer = await postJson("/chat/press", { action, fields }, person).catch(() => undefined);
  if (answer?.ok) return answer.body;
  if (answer?.status === 409) return startAnew();
  if (answer?.status === 401) showState("signed-out");
  const told = document.createElement("p");
  told.textContent = answer?.body?.error?.message ?? "Nova is out of reach. Press it again in a moment.";
  return { kind: "failed", html: told.outerHTML, actions: [] };
}

function say(text) {
  outgoing.send(text);
  $("empty").hidden = true;
  toEnd();
}

function onWords() {
  store(DRAFT, words.value);
  $("send").disabled = words.value.trim() === "";
  if (CSS.supports("field-sizing", "content")) return;
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight}px`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (text === "") return;
  words.value = "";
  onWords();
  say(text);
  words.focus();
});

words.addEventListener("input", onWords);
words.addEventListener("keydown", (event) => {
  // While an input method composes, Enter belongs to it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  if ($("account").open) $("account").open = false;
  else void stop();
});
document.addEventListener("click", (event) => {
  if (!$("account").contains(event.target)) $("account").open = false;
});

$("stop").addEventListener("click", () => void stop());
$("account").querySelector("form").addEventListener("submit", clearStore);
$("examples").addEventListener("click", (event) => {
  const example = event.target.closest("[data-words]");
  if (!example) return;
  words.value = example.dataset.words;
  onWords();
  words.focus();
});

/* The frame: banner, scrolling, title. */

const BANNER = {
  lost: "Connection lost. Reconnecting…",
  restarting: "Nova is restarting. What you sent is kept and will be answered.",
  "signed-out": "You are signed out. What you wrote is kept.",
};

function showState(state) {
  const banner = $("banner");
  banner.hidden = state === "open";
  if (state === "open") return;
  const out = state === "signed-out";
  banner.querySelector(".spinner").hidden = out;
  $("banner-words").textContent = BANNER[state];
  $("reconnect").textContent = out ? "Sign in" : "Try now";
  $("reconnect").onclick = () => (out ? location.assign("/") : line.retryNow());
}

/** Follows the end only while the reader is there: nobody is torn away from what they are reading. */
let following = true;

function toEnd() {
  following = true;
  scroll.scrollTop = scroll.scrollHeight;
  $("latest").hidden = true;
}

scroll.addEventListener("scroll", () => {
  following = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_PX;
  if (following) $("latest").hidden = true;
});
const follow = new ResizeObserver(() => {
  if (following) scroll.scrollTop = scroll.scrollHeight;
  else $("latest").hidden = false;
});
for (const part of [list, $("working"), scroll]) follow.observe(part);
$("latest").addEventListener("click", toEnd);

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  document.title = "Nova";
});

if (matchMedia("(hover: hover)").matches) words.focus();
