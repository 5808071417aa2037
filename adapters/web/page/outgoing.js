/** Messages on their way to the server: sent in order, kept until it has them, even over a reload. Never lost. */
const KEY = "nova.unsent";
const TIMEOUT_MS = 20_000;

/**
 * `onSignedOut` when the session is over, `onOther` when it is someone else's by now; `edit(text)` puts a refused text
 * back into the field.
 */
export function createOutgoing(conversation, { onSent, onSignedOut, onOther, edit }) {
  /** Whose messages these are. Until the server has said it, nothing goes out. */
  let person;
  /** Of before a reload: shown and sent once it is clear that they are this person's. */
  let left = read();
  let unsent = [];
  let line = Promise.resolve();

  function enqueue(client) {
    conversation.mark(client, "sending", "Sending…");
    line = line.then(() => post(client));
  }

  async function post(client) {
    const message = unsent.find((other) => other.client === client);
    if (!message || !person) return;
    let answer;
    try {
      answer = await postJson("/chat/messages", { id: client, text: message.text }, person);
    } catch {
      // No connection: the text stays here and goes out again on a click or when the line is back.
      return conversation.mark(client, "waiting", "Waiting: goes out when Nova is back.", [again(client)]);
    }
    if (answer.ok) {
      forget(client);
      conversation.mark(client, "sent", "");
      conversation.settle(client, answer.body);
      return onSent();
    }
    if (answer.status === 401) {
      fail(message, "Not sent: you are signed out.", [again(client)]);
      return onSignedOut();
    }
    if (answer.status === 409) return onOther();
    const words = answer.body?.error?.message ?? "Nova could not take it.";
    if (answer.status >= 500 || answer.status === 429) return fail(message, `Not sent: ${words}`, [again(client)]);
    fail({ ...message, refused: true }, words, [
      {
        name: "Edit",
        run: () => {
          edit(message.text);
          forget(client);
          conversation.remove(client);
        },
      },
    ]);
  }

  const again = (client) => ({ name: "Try again", run: () => enqueue(client) });

  function fail(message, words, actions) {
    keep(unsent.map((other) => (other.client === message.client ? { ...message, failed: true } : other)));
    conversation.mark(message.client, "failed", words, actions);
  }

  function forget(client) {
    keep(unsent.filter((other) => other.client !== client));
  }

  function keep(messages) {
    unsent = messages;
    store(KEY, JSON.stringify([...left, ...messages]));
  }

  return {
    send(text) {
      const client = uuid();
      keep([...unsent, { client, text }]);
      conversation.addUnsent(client, text);
      enqueue(client);
    },
    /** The line is back: everything that waits goes out again, under the same ids. */
    resend() {
      for (const { client, refused } of unsent) if (!refused) enqueue(client);
    },
    /** The server has said who is here; `isSame` when what was left unsent over a reload is theirs. */
    belongTo(id, isSame) {
      if (person) return;
      person = id;
      const own = isSame ? left : [];
      left = [];
      for (const { client, text } of own) {
        conversation.addUnsent(client, text);
        conversation.mark(client, "sending", "Sending…");
      }
      keep([...own, ...unsent]);
    },
  };
}

/** `{ok, status, body}`; throws when the server is out of reach. `person` is the id of whoever the page belongs to. */
export async function postJson(path, body, person) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "nova-person": person },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { ok: response.ok, status: response.status, body: await response.json().catch(() => undefined) };
}

/** crypto.randomUUID is missing on plain-http addresses other than localhost. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Storage can be full or forbidden; the page works without it. */
export function store(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Only the survival of a reload is lost.
  }
}

export function clearStore() {
  try {
    sessionStorage.clear();
  } catch {
    // Then nothing is in it.
  }
}

export function stored(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    // As above.
    return "";
  }
}

function read() {
  try {
    const messages = JSON.parse(stored(KEY) || "[]");
    return messages.filter(({ client, text }) => typeof client === "string" && typeof text === "string");
  } catch {
    // Not ours, or of an older page.
    return [];
  }
}
