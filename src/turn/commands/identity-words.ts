/** How people, accounts and requests read in a conversation. Used by identity.ts, pair.ts and past.ts. */
import { accountText, clip, type ExternalId, type Known, type Pairing } from "#core";

/** As code, which no platform reads as anything else: names and ids are strangers' words. */
export const shown = (text: string): string => `\`${clip(text.replaceAll(/[`\s]+/g, " ").trim(), 80)}\``;

/** Everybody that is given, with their accounts, and then the accounts of nobody that are blocked. */
export function peopleWords(known: readonly Known[], shutOut: readonly ExternalId[] = []): string {
  const lines = known.map(({ person, blocked, accounts }) => {
    const listed = accounts.map((each) => `${shown(accountText(each))}${each.state === "blocked" ? " (blocked)" : ""}`);
    const has = listed.length > 0 ? listed.join(", ") : "no account yet";
    return `- **${person.name}**, ${person.role}${blocked ? ", blocked" : ""}: ${has}`;
  });
  const out = shutOut.map((each) => shown(accountText(each))).join(", ");
  return [...lines, ...(out === "" ? [] : [`- Nobody's, and blocked: ${out}`])].join("\n");
}

/** What waits for the owner; empty when nothing does. */
export function requestWords(waiting: readonly Pairing[]): string {
  if (waiting.length === 0) return "";
  return [
    "**Asking to be let in**",
    "",
    ...waiting.map(({ code, account, name, askedAt }) => {
      const self = name === null ? "" : `, who goes by ${shown(name)} there`;
      return `- \`${code}\` ${shown(accountText(account))}${self}, ${day(askedAt)}`;
    }),
    "",
    "`/pair <code> as <name>` lets in somebody new, `/pair <code> to <name>` adds the account to somebody I know, `/pair reject <code>` turns one away. What somebody goes by is their own word.",
  ].join("\n");
}

/**
 * What was said, as agents may read it: models are nobody to sign in, and what a stranger goes by would stand there as if
 * Nova had said it.
 */
export const forAgents = (text: string): string =>
  text
    .replaceAll(/(\blink\s+)[0-9a-z]{4}-[0-9a-z]{4}\b/gi, "$1(code)")
    .replaceAll(/, who goes by `[^`]*` there(?=, \d{4}-)/g, "");

const day = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
