/** A bare yes where one thing waits: it decides nothing, and is told what does. Called by turn.ts before the router is asked. */
import { addressKey, HOOKS_PLATFORM, isOwnWords, isReply, type Route, type TakenTurn } from "#core";
import type { Crew } from "../crew.ts";
import { mayDecide } from "./decide.ts";
import type { Past } from "../past.ts";
import { gistOfAll } from "../words.ts";

/** Nothing else may stand there: any more words are meant for an agent. */
const YES = /^\s*(?:yes|y|ok|okay|approve|approved|do it|go ahead|no|deny|denied)[\s.!]*$/i;

/** Undefined: it is no such word, nothing or more than one thing waits here for them, or Nova has asked something else since. */
export async function answerToYes(
  turn: TakenTurn,
  crew: Pick<Crew, "proposals" | "policy" | "effects"> & { readonly past: Past },
): Promise<{ readonly route: Route; readonly text: string } | undefined> {
  const { person, address } = turn;
  const words = gistOfAll(turn.messages);
  if (!YES.test(words) || !turn.messages.every(isOwnWords) || address.platform === HOOKS_PLATFORM) return undefined;
  const waiting = (await crew.proposals.list(person)).filter(
    (one) =>
      one.state === "pending" &&
      addressKey(one.address) === addressKey(address) &&
      mayDecide(one, { person, via: address.platform }, crew) !== "no",
  );
  const [only] = waiting;
  if (!only || waiting.length > 1) return undefined;
  const said = (await crew.past.newest(LOOK_BACK)).findLast(isReply);
  if (said?.reply?.kind === "clarify") return undefined;
  const reason = "A bare yes or no decides nothing, and is for no agent while something waits for it.";
  return {
    route: { to: { kind: "refuse", reason }, confidence: 1, stage: "exact", candidates: [], reason, words },
    text: `That word decides nothing by itself. \`/approve ${only.id}\` has it done, \`/deny ${only.id}\` does not; \`/approvals\` shows it again.`,
  };
}

const LOOK_BACK = 6;
