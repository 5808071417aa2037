/** Buttons under a reply, and the card that a click is answered with. */
import { buttonOf } from "./button.js";
import { formElement } from "./form.js";

/**
 * A line of buttons and, once one was pressed, the card under it. `onPress(id, fields)` resolves to `{kind, html, actions,
 * form, errors}`; it never throws. `change(actions)` puts other buttons there.
 */
export function actionsElement(actions, onPress, name) {
  const element = document.createElement("div");
  element.className = "actions";
  let line;
  let known;
  element.change = (others) => {
    const same = JSON.stringify(others);
    if (same === known) return;
    known = same;
    const before = line;
    const hadFocus = before?.contains(document.activeElement);
    line = lineOf(others, `What you can do with the reply of ${name}`, pressed);
    for (const button of line.children) button.setAttribute("aria-expanded", "false");
    line.hidden = others.length === 0;
    if (before) before.replaceWith(line);
    else element.append(line);
    element.hidden = others.length === 0 && !card();
    // The button that had it is gone: what it led to, or what stands there now, is next.
    if (hadFocus) (card() ?? line.querySelector("button"))?.focus({ preventScroll: true });
  };
  /** The button that the open card answers: the focus goes back there. */
  let opener;
  let asking = false;

  async function pressed({ id, label }, button) {
    // Pressed again, a button closes its own card; one that did not get through tries again.
    if (button === opener && card() && !card().matches(".failed")) return close();
    if (asking) return;
    asking = true;
    for (const other of buttons()) other.setAttribute("aria-disabled", "true");
    button.classList.add("busy");
    const answer = await onPress(id);
    asking = false;
    button.classList.remove("busy");
    for (const other of buttons()) other.removeAttribute("aria-disabled");
    if (!answer) return;
    if (line.contains(button)) opener = button;
    show(answer, label);
  }

  /** Resolves to what is wrong in the form, or to nothing once the answer stands in its place. */
  async function filled(submit, fields, label) {
    const answer = await onPress(submit, fields);
    if (!answer) return {};
    if (answer.errors || answer.kind === "refused" || answer.kind === "failed") return answer;
    show(answer, label);
  }

  const card = () => element.querySelector(":scope > .card");
  const buttons = () => element.querySelectorAll("button");

  function show({ kind, html, actions: more, form }, label) {
    const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body;
    const panel = document.createElement("section");
    panel.className = `card ${kind}`;
    panel.tabIndex = -1;
    panel.setAttribute("aria-label", label);
    // It gets the focus and is read then: not a second time as news of the conversation.
    panel.setAttribute("aria-live", "off");
    const fields =
      form && formElement(form, { onSave: (values) => filled(form.submit, values, label), onCancel: close });
    if (fields) panel.append(fields);
    else panel.append(...wordsOf(html, more, label));
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      // Outside of a card Escape stops the turn.
      event.stopPropagation();
      // What was typed is not thrown away by one key.
      if (!fields?.isChanged()) close();
    });
    card()?.remove();
    element.append(panel);
    element.hidden = false;
    for (const other of line.children) other.setAttribute("aria-expanded", String(other === opener));
    if (hadFocus) (fields?.first ?? panel).focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }

  function wordsOf(html, more, label) {
    const prose = document.createElement("div");
    prose.className = "prose";
    prose.dir = "auto";
    // Made safe by the server: see render.ts.
    prose.innerHTML = html;
    const foot = document.createElement("div");
    foot.className = "foot";
    if (more.length > 0) foot.append(lineOf(more, label, pressed));
    foot.append(buttonOf("Close", close, "close"));
    return [prose, foot];
  }

  function close() {
    const hadFocus = card()?.contains(document.activeElement) || document.activeElement === opener;
    card()?.remove();
    opener?.setAttribute("aria-expanded", "false");
    element.hidden = line.children.length === 0;
    if (hadFocus) (opener?.isConnected ? opener : line.querySelector("button"))?.focus();
    opener = undefined;
  }

  element.change(actions);
  return element;
}

function lineOf(actions, label, onPress) {
  const line = document.createElement("div");
  line.className = "line";
  line.setAttribute("role", "group");
  line.setAttribute("aria-label", label);
  for (const action of actions) {
    const button = buttonOf(action.label, () => void onPress(action, button), action.style);
    line.append(button);
  }
  return line;
}
