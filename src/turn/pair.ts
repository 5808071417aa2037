/** What `/pair` does: lists strangers' requests, lets one in, or turns one away. Called by identity.ts, for the owner only. */
import { accountText, NovaError, type Person } from "#core";
import type { Crew } from "./crew.ts";
import { requestWords, shown } from "./identity-words.ts";

const REJECT = /^reject\s+(?<code>\S+)$/i;
const APPROVE = /^(?<code>\S+)\s+as\s+(?<name>.+?)(?:\s+(?<role>member|guest))?$/is;

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

  const { code, name, role } = APPROVE.exec(rest)?.groups ?? {};
  if (code === undefined || name === undefined)
    throw new NovaError(
      "bad_input",
      "I need a code and a name: `/pair K7QX2M as Ada`, or `/pair K7QX2M as Ada guest`.",
      {
        advice: "`/pair` lists who asks.",
      },
    );
  const as = { name: bare(name), role: role?.toLowerCase() === "guest" ? "guest" : "member" } as const;
  const approved = await pairings.approve(code, as, owner.id);
  if (approved.kind === "none") throw none(code);
  const { person, account, added } = approved;
  log.info("pairing.approved", { person: person.id, platform: account.platform });
  const who = added
    ? `**${person.name}**, a ${person.role}`
    : `**${person.name}**, the ${person.role} whom I know already`;
  return `${shown(accountText(account))} is ${who}. What they write from now on is answered.`;
}

/** Names are often quoted, since they stand where words of the command do. */
const bare = (name: string): string => name.trim().replace(/^(["'“„])(.+)["'”“]$/s, "$2");

const none = (code: string): NovaError =>
  new NovaError("not_found", `Nobody asks under the code ${shown(code)}: it may be decided, or older than a week.`, {
    advice: "`/pair` lists who does.",
  });
