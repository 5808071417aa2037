/** "Never mind", or a bare no, after a question: it ends there, whoever asked, and the person reads that nothing was done. Called by turn.ts. */
import {
  HOOKS_PLATFORM,
  isCall,
  isOwnWords,
  leaves,
  mayChange,
  mayLeave,
  openQuestion,
  type OpenQuestion,
  type Roster,
  type Route,
  type TakenTurn,
} from "#core";
import type { Crew } from "./crew.ts";
import type { Past } from "./past.ts";
import { gistOfAll } from "./words.ts";

type LetGoCrew = Pick<Crew, "turns" | "clock"> & { readonly past: Past; readonly roster: Pick<Roster, "get"> };

/** Where the question stands, and what it was about. */
const LOOK_BACK = 6;
const LONGEST = 60;

/** Undefined: nothing of this person's is open here, the words are no such thing, or somebody was faster. */
export async function lettingGo(
  turn: TakenTurn,
  crew: LetGoCrew,
): Promise<{ readonly route: Route; readonly text: string } | undefined> {
  const { address, messages, person } = turn;
  const words = gistOfAll(messages);
  if (words.length > LONGEST || !mayLeave(words)) return undefined;
  if (!messages.every(isOwnWords) || address.platform === HOOKS_PLATFORM || isCall(address)) return undefined;
  const history = await crew.past.newest(LOOK_BACK);
  const open = openQuestion(history, crew.clock.now());
  const asker = open?.asker ? crew.roster.get(open.asker) : undefined;
  const acts = asker !== undefined && mayChange(asker);
  if (!open || !leaves(words, open.question.text, { acts })) return undefined;
  // A bare no, one exchange later, is said to that one.
  if (open.isOvertaken && !leaves(words)) return undefined;
  const { turn: asked } = open.question;
  if (!open.about.some(({ author }) => author.kind === "person" && author.person === person.id)) return undefined;
  const text = `All right: nothing was ${undone(open, crew)}.`;
  const route: Route = {
    to: { kind: "refuse", reason: text },
    confidence: 1,
    stage: "exact",
    candidates: [],
    reason: "You left the question, so that it is closed.",
    words,
  };
  return asked === null || (await crew.turns.answer(turn, asked, route)) ? { route, text } : undefined;
}

const DROPS = /^\W*(?:please\s+)?\/?(?:forget|delete|remove|erase)\b/i;
const CHANGES = /^\W*(?:please\s+)?(?:cancel|stop|drop|pause|change|move)\b/i;

/** In a word what would have been done, as far as the asker's verbs and the request tell. */
function undone({ asker, about }: OpenQuestion, { roster }: LetGoCrew): string {
  if (about.some(({ text }) => DROPS.test(text))) return "forgotten";
  if (about.some(({ text }) => CHANGES.test(text))) return "changed";
  const agent = asker === null ? undefined : roster.get(asker);
  if (agent?.stages) return "kept";
  const verbs = (agent?.effects ?? []).map(({ verb }) => verb);
  if (verbs.some((verb) => /^(?:send|post)_/.test(verb))) return "sent";
  return verbs.some((verb) => verb.startsWith("set_")) ? "set" : "done";
}
