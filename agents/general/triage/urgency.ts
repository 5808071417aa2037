/** How soon a message wants somebody: now, today or whenever, and by which of its words. Called by inbox-triage. */
import { datesIn, type Named } from "./dates.ts";
import { affirmed, type Sorted } from "./kind.ts";

export type Urgency = { readonly when: "now" | "today" | "whenever" | "unknown"; readonly because: readonly string[] };

const HURRY =
  /\b(?:urgent(?:ly)?|asap|a\.s\.a\.p|as soon as possible|immediate(?:ly)?|emergency|right (?:now|away)|time[- ]critical|within the hour|hurry)\b|(?<!\p{L})(?:dringend|sofort|umgehend|notfall|eilt|urgente?|immédiatement|au plus vite|inmediatamente|cuanto antes)(?!\p{L})/iu;
/** What makes a failure one that cannot wait. */
const SEVERE =
  /\b(?:is|are|was|went|goes|status:?) down\b(?! (?:to|by|from)\b)|\bDOWN\b|: "?Down\b|\b(?:outage|unreachable|critical|firing|data loss|security breach|breach|prod(?:uction)?|all (?:users|customers)|not responding|out of (?:memory|disk|space)|disk (?:is )?full|P[01]|SEV-?[01])\b|(?<!\p{L})(?:ausfall|ausgefallen|nicht erreichbar|produktion|kritisch|hors service|indisponible|critique|caíd[oa]|fuera de servicio|crítico)(?!\p{L})/iu;
const SOON =
  /\b(?:today|tonight|this (?:morning|afternoon|evening)|by (?:noon|tomorrow|end of (?:the )?day|eod|cob)|eod|tomorrow|overdue|past due|final (?:reminder|notice)|blocked|blocking|blocks|waiting for (?:you|your))\b|(?<!\p{L})(?:heute|(?<!guten )morgen|überfällig|mahnung|aujourd['’]hui|demain|hoy|mañana)(?!\p{L})/iu;
const LATER =
  /\b(?:no (?:rush|hurry)|not urgent|whenever (?:you|it)|when you (?:have|get|find) (?:a |the |some )?(?:time|chance|moment|minute)|low priority|no action (?:is )?(?:required|needed))\b|(?<!\p{L})(?:nicht dringend|keine eile|eilt nicht|pas urgent|no es urgente|sin prisa)(?!\p{L})/iu;
const BOUND =
  /\b(?:due|by|until|before|deadline|latest|expires?|ends?|rsvp|at|on)\b|(?<!\p{L})(?:bis|fällig|frist|spätestens|avant|vence)(?!\p{L})/iu;
const SOON_MS = 36 * 3_600_000;
/** Reading a date is slow; what hurries stands near the top. */
const MOST_DATED = 40;

/** Failures and people who wait come first; reports, news and fraud never hurry anybody. */
export function urgencyOf({ kind, because, event }: Sorted, sentences: readonly string[], now: Date): Urgency {
  const find = (cue: RegExp): readonly string[] => sentences.flatMap((sentence) => affirmed(cue, sentence) ?? []);
  const hurry = find(HURRY);
  switch (kind) {
    case "failure": {
      const severe = [...find(SEVERE), ...hurry];
      return severe.length > 0 ? { when: "now", because: severe } : { when: "today", because };
    }
    case "review":
    case "task":
    case "question":
    case "unclear": {
      const later = find(LATER);
      if (later.length > 0) return { when: "whenever", because: later };
      if (hurry.length > 0) return { when: "now", because: hurry };
      const soon = [...find(SOON), ...(event ? find(SEVERE) : []), ...dueSoon(sentences, now).map(({ text }) => text)];
      if (soon.length > 0) return { when: "today", because: soon };
      return kind === "review" || event?.said.includes("changes") === true
        ? { when: "today", because }
        : { when: kind === "unclear" ? "unknown" : "whenever", because: [] };
    }
    case "recovered":
    case "change":
    case "news":
    case "spam":
    case "orders":
      return { when: "whenever", because: [] };
  }
}

/** Dates that something is bound to, from yesterday to tomorrow. */
function dueSoon(sentences: readonly string[], now: Date): readonly Named[] {
  return sentences
    .filter((sentence) => BOUND.test(sentence))
    .slice(0, MOST_DATED)
    .flatMap((sentence) => datesIn(sentence, now))
    .filter(({ at }) => Math.abs(at.getTime() - now.getTime()) < SOON_MS);
}
