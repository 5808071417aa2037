/** Finds in a reply that is still being written the text a person may see: piece by piece, no character twice. Used by draft.ts. */

/** Fields of a reply whose text is meant for people. */
const SHOWN: ReadonlySet<string> = new Set(["text", "question", "reason"]);
/** Kinds of replies whose text is for people as it stands. What moves control, or asks for effects, is told by Nova. */
const SPOKEN: ReadonlySet<string> = new Set(["answer", "clarify", "fail"]);

/** A reply begins as an object, perhaps in a fence; anything else is never shown. */
const OPENING = /^\s*(?:```(?:json)?\s*)?\{/;
/** As much of a string as can be decoded: an escape that is cut in the middle waits for its end. */
const DECODABLE = /^(?:[^\\]|\\u[0-9a-f]{4}|\\[^u])*/i;

export interface Visible {
  /** The next piece of the reply; returns all that is visible by now. */
  add(piece: string): string;
  /** Whether that was the whole of it. */
  readonly ended: boolean;
}

export function createVisible(): Visible {
  let text = "";
  /** How far it was read; 0 until the object begins. */
  let at = 0;
  let depth = 1;
  let key = "";
  let place: "key" | "value" = "key";
  /** Where the string begins that is being read; undefined outside of strings. */
  let from: number | undefined;
  let visible = "";
  let state: "looking" | "showing" | "done" = "looking";
  let kind: string | undefined;
  /** The object ends: there is no more to come. */
  let closed = false;

  function closeString(end: number): void {
    if (state === "showing") {
      show(end);
      state = "done";
    } else if (depth === 1 && place === "key") key = text.slice(from, end);
    else if (depth === 1 && key === "kind") kind = text.slice(from, end);
    from = undefined;
  }

  /** Decodes what came since the last time. */
  function show(end: number): void {
    const rest = text.slice(from, end);
    const raw = rest.includes("\\") ? (DECODABLE.exec(rest)?.[0] ?? "") : rest;
    from = (from ?? end) + raw.length;
    visible += decoded(raw);
  }

  function read(): void {
    switch (text.charAt(at)) {
      case '"':
        from = at + 1;
        if (state === "looking" && depth === 1 && place === "value" && SHOWN.has(key)) state = "showing";
        break;
      case "{":
      case "[":
        depth += 1;
        break;
      case "}":
      case "]":
        depth -= 1;
        closed = depth === 0;
        break;
      case ":":
      case ",":
        if (depth === 1) place = text[at] === ":" ? "value" : "key";
    }
  }

  /** Until the kind is known nobody can say whether the text is for people; without one it shows at the end. */
  const seen = (): string => ((kind === undefined ? closed : SPOKEN.has(kind)) ? visible : "");
  const ended = (): boolean => closed || (kind !== undefined && (state === "done" || !SPOKEN.has(kind)));

  return {
    add(piece) {
      if (ended()) return seen();
      text += piece;
      if (at === 0) at = OPENING.exec(text)?.[0].length ?? 0;
      if (at === 0) return "";
      for (; at < text.length && !closed; at += 1) {
        if (from === undefined) read();
        // An escape is read as a whole, so that an escaped quote ends nothing.
        else if (text[at] === "\\") {
          if (at + 1 === text.length) break;
          at += 1;
        } else if (text[at] === '"') closeString(at);
      }
      if (state === "showing") show(at);
      return seen();
    },
    get ended() {
      return ended();
    },
  };
}

function decoded(raw: string): string {
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    // Some models break lines inside of strings; the reply is judged when it is whole.
    return raw;
  }
}
