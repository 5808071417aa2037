/** A button with words on it. Used wherever the page makes one. */
export function buttonOf(words, run, className = "") {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  if (className) button.className = className;
  button.addEventListener("click", run);
  return button;
}
