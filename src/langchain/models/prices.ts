/** What a model's tokens cost: a small table of public list prices, and what the operator says. Used by whoever asks a model, and by the roof. */
import type { Tokens } from "#core";

/** US dollars per million tokens, which is the same as millionths of a dollar per token. */
export type Price = { readonly input: number; readonly output: number };

export interface Prices {
  /** Whole millionths of a US dollar, rounded up; null when nobody told what the model costs. */
  costOf(model: string, tokens: Tokens): number | null;
}

/** OpenAI's list prices for text as of November 2026, without the discount for what its cache knew. */
const LISTED: Readonly<Record<string, Price>> = {
  "gpt-5": { input: 1.25, output: 10 },
  "gpt-5-mini": { input: 0.25, output: 2 },
  "gpt-5-nano": { input: 0.05, output: 0.4 },
  "gpt-4.1": { input: 2, output: 8 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6 },
  "gpt-4.1-nano": { input: 0.1, output: 0.4 },
  "gpt-4o": { input: 2.5, output: 10 },
  // The first of its name, and dearer than those that came after it.
  "gpt-4o-2024-05-13": { input: 5, output: 15 },
  "gpt-4o-mini": { input: 0.15, output: 0.6 },
};

/** A snapshot costs what its model costs. Only a date may follow the name: `gpt-5-mini` is no `gpt-5`. */
const SNAPSHOT = /-\d{4}-\d{2}-\d{2}$/;

/**
 * `own` outranks the list. `baseUrl` is the server that answers, null for OpenAI itself: on any other server a name means
 * whatever its operator says, so that only `own` counts there.
 */
export function createPrices(own: Readonly<Record<string, Price>>, baseUrl: string | null = null): Prices {
  const tables = isOpenAi(baseUrl) ? [own, LISTED] : [own];
  const priceOf = (model: string): Price | undefined => {
    const names = [model, model.replace(SNAPSHOT, "")];
    for (const table of tables) {
      const name = names.find((each) => Object.hasOwn(table, each));
      if (name !== undefined) return table[name];
    }
    return undefined;
  };
  return {
    costOf(model, { input, output }) {
      const price = priceOf(model);
      return price ? Math.ceil(round(input * price.input + output * price.output)) : null;
    },
  };
}

/** `name=input/output,…` in US dollars per million tokens. Undefined when it does not read so. */
export function readPrices(text: string): Readonly<Record<string, Price>> | undefined {
  const prices: Record<string, Price> = {};
  for (const entry of text.split(",").map((each) => each.trim())) {
    if (entry === "") continue;
    const groups = ENTRY.exec(entry)?.groups;
    if (!groups) return undefined;
    prices[groups["name"] ?? ""] = { input: Number(groups["input"]), output: Number(groups["output"]) };
  }
  return prices;
}

const ENTRY = /^(?<name>[^\s=;]+)\s*=\s*\$?(?<input>\d{1,6}(?:\.\d+)?)\s*\/\s*\$?(?<output>\d{1,6}(?:\.\d+)?)$/;

/** Null: nobody set an address, and then it is OpenAI's. Read by openai.ts too. */
export function isOpenAi(baseUrl: string | null): boolean {
  return baseUrl === null || new URL(baseUrl).hostname === "api.openai.com";
}

/** What binary fractions leave behind would round a whole number up. */
const round = (micros: number): number => Math.round(micros * 1e6) / 1e6;
