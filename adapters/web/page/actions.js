/** Buttons under a reply, and the card that a click is answered with. */

/**
 * A line of buttons and, once one was pressed, the card under it. `onPress(id)` resolves to `{kind, html, actions}`; it
 * never throws.
 */
export function actionsElement(actions, onPress, name) {
  const element = document.createElement("div");
  element.className = "actions";
  const line = lineOf(actions, `What you can do with the reply of ${name}`, pressed);
  for (const button of line.children) button.setAttribute("aria-expanded", "false");
  element.append(line);
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

  const card = () => element.querySelector(":scope > .card");
  const buttons = () => element.querySelectorAll("button");

  function show({ kind, html, actions: more }, label) {
    const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body;
    const panel = document.createElement("section");
    panel.className = `card ${kind}`;
    panel.tabIndex = -1;
    panel.setAttribute("aria-label", label);
    // It gets the focus and is read then: not a second time as news of the conversation.
    panel.setAttribute("aria-live", "off");
    const prose = document.createElement("div");
    prose.className = "prose";
    prose.dir = "auto";
    // Made safe by the server: see render.ts.
    prose.innerHTML = html;
    const foot = document.createElement("div");
    foot.className = "foot";
    if (more.length > 0) foot.append(lineOf(more, label, pressed));
    foot.append(buttonOf("Close", close, "close"));
    panel.append(prose, foot);
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      // Outside of a card Escape stops the turn.
      event.stopPropagation();
      close();
    });
    card()?.remove();
    element.append(panel);
    for (const other of line.children) other.setAttribute("aria-expanded", String(other === opener));
    if (hadFocus) panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }

  function close() {
    const hadFocus = card()?.contains(document.activeElement) || document.activeElement === opener;
    card()?.remove();
    opener?.setAttribute("aria-expanded", "false");
    if (hadFocus) opener?.focus();
    opener = undefined;
  }

  return element;
}

function lineOf(actions, label, onPress) {
  const line = document.createElement("div");
  line.className = "line";
  line.setAttribute("role", "group");
  line.setAttribute("aria-label", label);
  for (const action of actions) {
    const button = buttonOf(action.label, () => void onPress(action, button));
    line.append(button);
  }
  return line;
}

export function buttonOf(words, run, className = "") {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  if (className) button.className = className;
  button.addEventListener("click", run);
  return button;
}
