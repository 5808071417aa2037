/** What `/pair` does: lists strangers' requests, lets one in, or turns one away. Called by identity.ts, for the owner only. */
import { accountText, NovaError, type PairingAs, type Approved, type Person } from "#core";
import type { Crew } from "../crew.ts";
import { requestWords, shown } from "./identity-words.ts";

const REJECT = /^reject\s+(?<code>\S+)$/i;
/** Somebody new with `as`, somebody known with `to`. */
const FORM = /^(?<code>\S+)\s+(?<how>as|to)\s+(?<words>.+)$/is;
const WITH_ROLE = /^(?<name>.+?)\s+(?<role>member|guest)$/is;

export async function pair(
  owner: Person,
  rest: string,
  { pairings, log }: Pick<Crew, "pairings" | "log">,
): Promise<string> {
  if (rest === "") return requestWords(await pairings.waiting()) || "Nobody asks to be let in.";

  const { code: turnedAway } = REJECT.exec(rest)?.groups ?? {};
  if (turnedAway !== undefined) {
    const rejected = await pairings.reject(turnedAway, owner.id);
    if (!rejected) throw none(turnedAway);
    const account = accountText(rejected.account);
    log.info("pairing.rejected", { platform: rejected.account.platform });
    return `${shown(account)} was turned away and hears nothing for a week. \`/block ${account}\` is for good.`;
  }

  const { code, who: meant } = admission(rest);
  const approved = await pairings.approve(code, meant, owner.id);
  if (approved.kind !== "approved") throw refusal(approved, code, meant);
  const { person, account, added } = approved;
  log.info("pairing.approved", { person: person.id, platform: account.platform });
  const who = added
    ? `**${person.name}**, a ${person.role}`
    : `**${person.name}**, the ${person.role} whom I know already`;
  return `${shown(accountText(account))} is ${who}. What they write from now on is answered.`;
}

function admission(rest: string): { readonly code: string; readonly who: PairingAs } {
  const { how, code, words } = FORM.exec(rest)?.groups ?? {};
  if (how === undefined || code === undefined || words === undefined) {
    const both =
      "`/pair K7QX2M as Ada` (or `… as Ada guest`) for somebody new, `/pair K7QX2M to Ada` for somebody known";
    throw new NovaError("bad_input", `I need a code and a name: ${both}.`, { advice: "`/pair` lists who asks." });
  }
  if (how.toLowerCase() === "to") return { code, who: { kind: "known", name: bare(words) } };
  const { name = words, role } = WITH_ROLE.exec(words)?.groups ?? {};
  return { code, who: { kind: "new", name: bare(name), role: role?.toLowerCase() === "guest" ? "guest" : "member" } };
}

function refusal(why: Exclude<Approved, { kind: "approved" }>, code: string, { name }: PairingAs): NovaError {
  switch (why.kind) {
    case "none":
      return none(code);
    case "owners":
      return new NovaError("bad_input", "That name is yours, and nobody is let in as the owner.", {
        advice: "Is the account yours? Send `/link` here, and from there what I answer.",
      });
    case "taken":
      return new NovaError("bad_input", `I know **${why.person.name}** already, a ${why.person.role}.`, {
        advice: `If it is the same person, who then has one memory on both accounts: \`/pair ${clean(code)} to ${why.person.name}\`. Otherwise choose another name.`,
      });
    case "nobody":
      return new NovaError("not_found", `I know nobody called ${shown(name)}.`, {
        advice: `\`/pair ${clean(code)} as …\` adds somebody new; \`/people\` lists who is known.`,
      });
  }
}

const clean = (code: string): string => code.replaceAll("`", "");

/** Names are often quoted, since they stand where words of the command do. */
const bare = (name: string): string => name.trim().replace(/^(["'“„])(.+)["'”“]$/s, "$2");

const none = (code: string): NovaError =>
  new NovaError("not_found", `Nobody asks under the code ${shown(code)}: it may be decided, or older than a week.`, {
    advice: "`/pair` lists who does.",
  });
