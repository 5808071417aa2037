/** A form in the card under a reply: labels, fields, and what is wrong with them beside each. Used by actions.js. */
import { buttonOf } from "./button.js";

let count = 0;

/**
 * `onSave(values)` resolves to nothing when it is done, else to `{errors, html}`: the form stays then, with all that was
 * typed. `isChanged()` tells whether anything was; `first` is the field to begin with.
 */
export function formElement({ title, fields }, { onSave, onCancel }) {
  const form = document.createElement("form");
  form.className = "fields";
  form.noValidate = true;
  const heading = document.createElement("h3");
  heading.textContent = title;
  form.append(heading);
  const inputs = fields.map((field) => {
    const input = inputOf(field);
    form.append(input.row);
    return input;
  });
  const problem = problemOf();
  problem.setAttribute("role", "alert");
  const save = buttonOf("Save", () => {}, "primary");
  save.type = "submit";
  const foot = document.createElement("div");
  foot.className = "foot";
  foot.append(save, buttonOf("Cancel", onCancel, "close"));
  form.append(problem, foot);

  let saving = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!saving) void send();
  });

  async function send() {
    saving = true;
    save.setAttribute("aria-disabled", "true");
    save.classList.add("busy");
    const wrong = await onSave(Object.fromEntries(inputs.map(({ name, element }) => [name, element.value])));
    saving = false;
    save.removeAttribute("aria-disabled");
    save.classList.remove("busy");
    if (wrong) show(wrong);
  }

  function show({ errors = {}, html = "" }) {
    for (const { name, element, tell } of inputs) {
      const words = Object.hasOwn(errors, name) ? errors[name] : "";
      tell(words);
      element.setAttribute("aria-invalid", String(words !== ""));
    }
    const bad = inputs.find(({ name }) => Object.hasOwn(errors, name));
    // Made safe by the server, as every card.
    problem.innerHTML = bad ? "" : html;
    bad?.element.focus();
  }

  form.first = inputs[0]?.element;
  form.isChanged = () => inputs.some(({ element, before }) => element.value !== before);
  return form;
}

function inputOf({ name, label: words, value, long, maxLength }) {
  count += 1;
  const id = `field-${count}`;
  const row = document.createElement("div");
  row.className = "field";
  const label = document.createElement("label");
  label.htmlFor = id;
  label.textContent = words;
  const element = document.createElement(long ? "textarea" : "input");
  element.id = id;
  element.name = name;
  element.value = value;
  element.maxLength = maxLength;
  element.dir = "auto";
  element.setAttribute("aria-describedby", `${id}-problem`);
  const problem = problemOf();
  problem.id = `${id}-problem`;
  row.append(label, element, problem);
  return { name, row, element, before: element.value, tell: (told) => (problem.textContent = told) };
}

function problemOf() {
  const element = document.createElement("p");
  element.className = "problem";
  return element;
}
