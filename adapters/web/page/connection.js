/** The line to the server: opened, kept, reopened. A tab that nobody looks at lets go, since browsers allow only six. */
const HIDDEN_MS = 30_000;
const PATIENCE_MS = 1_500;
const LONGEST_WAIT_MS = 15_000;

/**
 * `onEvent(name, data)` for every event; `onState("open" | "lost" | "restarting" | "signed-out")`; `isBusy()` keeps a hidden tab
 * connected while Nova is at work.
 */
export function connect({ onEvent, onState, isBusy }) {
  let source;
  let cursor = "";
  let wait = 1_000;
  let retry;
  let complaint;
  let hidden;
  /** The server has said that it goes, and until it is back nothing more is to be said. */
  let restarting = false;

  function open() {
    close();
    source = new EventSource(`/chat/events${cursor && `?after=${cursor}`}`);
    source.addEventListener("open", () => {
      wait = 1_000;
      clearTimeout(complaint);
      complaint = undefined;
      restarting = false;
      onState("open");
    });
    source.addEventListener("error", () => {
      if (!restarting) complaint ??= setTimeout(() => onState("lost"), PATIENCE_MS);
      if (source.readyState === EventSource.CLOSED) void later();
    });
    for (const name of ["person", "message", "amended", "progress", "ready"]) {
      source.addEventListener(name, (event) => {
        if (event.lastEventId) cursor = event.lastEventId;
        onEvent(name, JSON.parse(event.data));
      });
    }
    source.addEventListener("restarting", () => {
      restarting = true;
      onState("restarting");
    });
    source.addEventListener("signed-out", () => {
      close();
      onState("signed-out");
    });
  }

  function close() {
    clearTimeout(retry);
    clearTimeout(complaint);
    complaint = undefined;
    source?.close();
    source = undefined;
  }

  /** The server refused the line. Either the session is over, or the server is not well yet. */
  async function later() {
    source?.close();
    source = undefined;
    const status = await fetch("/chat/session").then(
      (response) => response.status,
      () => 0,
    );
    if (status === 401) return onState("signed-out");
    clearTimeout(retry);
    retry = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function letGo() {
    if (isBusy()) hidden = setTimeout(letGo, HIDDEN_MS);
    else close();
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(letGo, HIDDEN_MS);
    else if (!source) open();
  });
  addEventListener("online", open);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
  return { retryNow: open };
}
