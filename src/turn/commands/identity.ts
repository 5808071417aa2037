/** What Nova answers about people and their accounts: /link, /people, /pair, /unlink, /block, /unblock. Called by commands.ts. */
import {
  accountText,
  HOOKS_PLATFORM,
  isAway,
  NovaError,
  readAccount,
  sentenceFor,
  type CommandName,
  type ExternalId,
  type Person,
  type Route,
  type Settlement,
  type TakenTurn,
  type Whom,
} from "#core";
import type { Crew } from "../crew.ts";
import { novaSays, refusedRoute } from "../endings.ts";
import { peopleWords, requestWords, shown } from "./identity-words.ts";
import { pair } from "./pair.ts";

export type IdentityCommand = Extract<CommandName, "link" | "people" | "pair" | "unlink" | "block" | "unblock">;

const LINK_MINUTES = 15;

export async function answerIdentity(
  turn: TakenTurn,
  route: Route,
  command: { readonly name: IdentityCommand; readonly rest: string },
  crew: Crew,
): Promise<Settlement> {
  try {
    // Whoever holds an endpoint's secret may speak for its person, but not let others in or out.
    if (turn.address.platform === HOOKS_PLATFORM)
      throw new NovaError("forbidden", "Posts change nothing about people.", { advice: "Write it in a conversation." });
    return novaSays(turn, crew, { route, text: await ANSWERS[command.name](turn, command.rest.trim(), crew) });
  } catch (error) {
    if (!(error instanceof NovaError) || isAway(error)) throw error;
    return refusedRoute(turn, route, sentenceFor(error), crew);
  }
}

type Answer = (turn: TakenTurn, rest: string, crew: Crew) => Promise<string>;

const ANSWERS: Readonly<Record<IdentityCommand, Answer>> = {
  async link(turn, rest, { people, clock }) {
    if (rest !== "") throw new NovaError("bad_input", "`/link` takes one code, or nothing.");
    privately(turn, "Whoever reads a code can use it");
    const code = await people.issueCode(turn.person.id, new Date(clock.now().getTime() + LINK_MINUTES * 60_000));
    return [
      `Send me this, in a direct message from the other account, within ${LINK_MINUTES} minutes, and I know you there, too:`,
      "",
      `\`link ${code}\``,
      "",
      "The code works once; whoever sends it is you to me, so give it to nobody.",
    ].join("\n");
  },

  async people(turn, _rest, { directory, pairings }) {
    privately(turn, "Who has which account is not for everybody");
    const known = await directory.known(turn.person.tenant);
    if (turn.person.role !== "owner") return peopleWords(known.filter(({ person }) => person.id === turn.person.id));
    const [shutOut, waiting] = await Promise.all([directory.shutOut(), pairings.waiting()]);
    return [peopleWords(known, shutOut), requestWords(waiting)].filter(Boolean).join("\n\n");
  },

  async pair(turn, rest, crew) {
    onlyOwner(turn, "`/pair` lets people in");
    if (rest === "") privately(turn, "Who asks is not for everybody");
    return pair(turn.person, rest, crew);
  },

  async unlink(turn, rest, { directory }) {
    const account = readAccount(rest);
    if (!account) throw new NovaError("bad_input", `\`/unlink\` needs an account, ${AS_WRITTEN}.`);
    const name = accountText(account);
    const all = await directory.known(turn.person.tenant);
    const whose = all.find(({ accounts }) => accounts.some((each) => accountText(each) === name))?.person;
    // Nobody learns from the words which accounts others have.
    if (!whose || (whose.id !== turn.person.id && turn.person.role !== "owner"))
      throw new NovaError("not_found", `${shown(name)} is no account of yours.`, { advice: "`/people` lists them." });
    if ((await directory.wroteFrom(turn)).some((each) => accountText(each) === name))
      throw new NovaError("bad_input", "That is the account that you write from, so I could not answer you any more.", {
        advice: "Send it from another account of yours, or ask the owner.",
      });
    await directory.unlink(account);
    const mine = whose.id === turn.person.id;
    return `${shown(name)} is not ${mine ? "yours" : `**${whose.name}**'s`} any more. What was remembered stays ${mine ? "with you" : "with them"}.`;
  },

  async block(turn, rest, crew) {
    onlyOwner(turn, "`/block` shuts somebody out");
    const [whom, name] = await meant("block", turn.person, rest, crew);
    await crew.directory.block(whom);
    return `From now on I take nothing from ${name}, and say nothing to them. \`/unblock\` takes it back.`;
  },

  async unblock(turn, rest, crew) {
    onlyOwner(turn, "`/unblock` lets somebody in again");
    const [whom, name] = await meant("unblock", turn.person, rest, crew);
    return (await crew.directory.unblock(whom)) ? `${name} may write to me again.` : `${name} was not blocked.`;
  },
};

const AS_WRITTEN = "such as `slack:T024BE7LD/U023BECGF`; `/people` lists them";

/** Whom the words mean, and how they are called in an answer. */
async function meant(
  command: string,
  owner: Person,
  rest: string,
  { people }: Pick<Crew, "people">,
): Promise<readonly [Whom, string]> {
  const account: ExternalId | undefined = readAccount(rest);
  if (account) return [account, shown(accountText(account))];
  if (rest === "") throw new NovaError("bad_input", `\`/${command}\` needs a name or an account, ${AS_WRITTEN}.`);
  const person = await people.named(owner.tenant, rest);
  if (!person)
    throw new NovaError("not_found", `I know nobody called ${shown(rest)}.`, { advice: "`/people` lists them." });
  return [person.id, `**${person.name}**`];
}

function privately({ address }: TakenTurn, why: string): void {
  if (address.visibility === "private") return;
  throw new NovaError("forbidden", `${why}.`, { advice: "Ask me in a conversation of ours alone." });
}

function onlyOwner({ person }: TakenTurn, what: string): void {
  if (person.role === "owner") return;
  throw new NovaError("forbidden", `${what}; only the owner of this Nova may do that.`);
}
