/** The words that say that another agent should have answered. One definition for routing, which reads them, and for the turn, which looks for the answer. */

const WRONG = /^\s*(?:\/(?:nova\s+)?wrong(?![\p{L}\p{N}_-])|wrong agent(?=\s*(?:[.!:,]|$)))[.!:,]*(?<rest>[\s\S]*)$/iu;

/** What stands behind them, for instance a name; undefined for all other words. */
export const afterWrong = (text: string): string | undefined => WRONG.exec(text)?.groups?.["rest"]?.trim();
