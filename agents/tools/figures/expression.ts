/** From a question in words to an expression in signs: "what is 17% of 2,340?" to "17% * 2340". Used by sums.ts. */
import { NovaError } from "#core";

const OPENING =
  /^(?:please|hi|hello|hey|there|good (?:morning|afternoon|evening)|nova|so|and|now|then|also|(?:can|could|would|will) you|do you know|i(?:['’]d| would) like to know|i want to know|let me know|what(?:'?s|’s| is| are| would be| will be| does| do| would| will)|what(?!\s+(?:percent|percentage|%))|how (?:much|many|far|long|big|hot|cold) (?:is|are|would be)|how much|calculate|compute|work out|figure out|evaluate|solve|convert|tell me|show me|give me|the (?:result|value|answer) (?:of|to)|for me|the)(?=[\s:(,!])[\s:,!]*/i;
const CLOSING = /(?:[\s?=.,;:]|(?<=[a-z])!|\bplease\b|\bthanks\b|\bfor me\b|\bin total\b|\baltogether\b)+$/i;
/** "What 17% of 80 is", "17% of 80 is what". */
const ENDING = /\s(?:(?:is|are|makes?|equals?|gives?|comes? to)(?: what| how much)?|be)$/i;

const NUMBER = String.raw`[-+]?\d+(?:\.\d+)?`;
/** What stands for a part of a question's form. */
const PARTS: readonly (readonly [string, string])[] = [
  ["SHARERS", String.raw`(?:people|persons|of us|friends|ways|parts|equal parts)`],
  // "a bill of", "the rent of": what the figure is the amount of.
  ["THING", String.raw`(?:an?|the|this|our|my) \p{L}+(?: of)?`],
  ["UNIT", String.raw`\p{L}{2,}`],
  ["N", NUMBER],
  [" ", String.raw`\s+`],
];

/** Whole questions that have their own order of words. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [rx(`what (?:percent|percentage|%) (?:of) (N) (?:is|are) (N)`), "($2) / ($1) * 100"],
  [rx(`what (?:percent|percentage|%) (?:is|are) (N) (?:out )?of (N)`), "($1) / ($2) * 100"],
  [rx(`(N) (?:is|are) what (?:percent|percentage|%) of (N)`), "($1) / ($2) * 100"],
  [rx(`what (?:percent|percentage|%) (N) (?:is|are) of (N)`), "($1) / ($2) * 100"],
  [rx(`what (?:percent|percentage|%) of (N) (N)`), "($2) / ($1) * 100"],
  [rx(`(N) as an? (?:percent|percentage|%) of (N)`), "($1) / ($2) * 100"],
  [
    rx(`(?:percent|percentage|%) (?:change|increase|decrease|difference|growth) from (N) to (N)`),
    "(($2) - ($1)) / ($1) * 100",
  ],
  [rx(`(N)% off (?:of )?(N)`), "($2) - $1%"],
  [rx(`(?:add|increase) (N)% to (N)`), "($2) + $1%"],
  [rx(`increase (N) by (N)%`), "($1) + $2%"],
  [rx(`(?:decrease|reduce) (N) by (N)%`), "($1) - $2%"],
  [rx(`add (N) (?:and|to) (N)`), "($1) + ($2)"],
  [rx(`subtract (N) from (N)`), "($2) - ($1)"],
  [rx(`multiply (N) (?:by|and|with) (N)`), "($1) * ($2)"],
  [rx(`divide (N) by (N)`), "($1) / ($2)"],
  [rx(`(?:THING )?(N) (?:split|divided|shared) (?:between|among|by|into) (N)(?: SHARERS)?`), "($1) / ($2)"],
  [rx(`(?:split|divide|share) (?:THING )?(N) (?:between|among|by|into) (N)(?: SHARERS)?`), "($1) / ($2)"],
  [
    rx(`how many (UNIT) (?:are|is|make|makes|are in|are there in|in|does|do) (N) (UNIT)(?: make| have| has)?`),
    "$2 $3 to $1",
  ],
  [rx(`(N) (UNIT) (?:are|is|are equal to) how many (UNIT)`), "$1 $2 to $3"],
];

const AGGREGATES: Readonly<Record<string, string>> = {
  sum: "sum",
  total: "sum",
  average: "mean",
  mean: "mean",
  median: "median",
  minimum: "min",
  maximum: "max",
  smallest: "min",
  largest: "max",
  product: "prod",
};

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\bdivided by\b|÷/gi, "/"],
  [/\bmultiplied by\b|\btimes\b|×/gi, "*"],
  [/(?<=\d\s?)x(?=\s?\d)/gi, "*"],
  [/\bplus\b/gi, "+"],
  [/\bminus\b|[−–]/gi, "-"],
  [/\bto the power of\b|\*\*/gi, "^"],
  [/\bsquared\b/gi, "^2"],
  [/\bcubed\b/gi, "^3"],
  [/\bsquare root of\s+([\d.]+)/gi, "sqrt($1)"],
  [/√\s?([\d.]+)/g, "sqrt($1)"],
  [/\bln\b/gi, "log"],
  [/\s*\bper ?cent\b/gi, "%"],
  [/\bhalf of\b/gi, "0.5 *"],
  [/%\s*of\b/gi, "% *"],
];

/** Names of units that people use and mathjs does not know. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/\bpounds?\b/gi, "lb"],
  [/\bounces?\b/gi, "oz"],
  [/\b(kilo|centi|milli)?metres?\b/gi, "$1meter"],
  [/\b(milli)?litres?\b/gi, "$1liter"],
  [/\bkilos?\b/gi, "kg"],
  [/\bkmh\b|\bkph\b/gi, "km/h"],
  [/\bmph\b/gi, "mi/h"],
  [/°\s?([CF])\b|\bdegrees? ([CF])(?:elsius|ahrenheit)?\b/gi, "deg$1$2"],
  [/\b(Celsius|Fahrenheit|Kelvin)\b/g, "\\L$1"],
  [/\binto\b|\bas\b/gi, "to"],
];

export type Expression = {
  /** What is asked, without the words around it. */
  readonly asked: string;
  /** What of it is computed. */
  readonly expression: string;
  /** The currency of the result, or "". */
  readonly currency: string;
  /** What stands behind the result, or "". */
  readonly unit: string;
};

/** A NovaError when two currencies are mixed: no rate of exchange is known here. */
export function readExpression(words: string): Expression {
  const asked = strip(words.normalize("NFKC").replace(/\s+/g, " ").trim());
  const currency = currencyOf(asked);
  const bare = ungrouped(asked).replace(/\p{Sc}\s?/gu, "");
  for (const [form, to] of FORMS) {
    if (!form.test(bare)) continue;
    const share = to.endsWith("* 100");
    const converts = to.includes(" to ");
    return {
      asked: converts ? bare.replace(form, to.replace(/ to .*/, "")) : asked,
      expression: signs(bare.replace(form, to)),
      currency: share ? "" : currency,
      unit: share ? "%" : "",
    };
  }
  return { asked, expression: signs(aggregates(bare)), currency, unit: "" };
}

/** The one sign that is written once: written twice it may have been divided away. */
function currencyOf(text: string): string {
  const written = text.match(/\p{Sc}/gu) ?? [];
  if (new Set(written).size > 1) {
    throw new NovaError("bad_input", `The calculation mixes ${[...new Set(written)].join(" and ")}.`, {
      advice: "Give the rate of exchange as a figure, and leave the signs out.",
    });
  }
  return written.length === 1 && !/\/\s*\p{Sc}/u.test(text) ? (written[0] ?? "") : "";
}

function strip(text: string): string {
  let rest = text.replace(CLOSING, "").replace(ENDING, "").replace(CLOSING, "");
  for (let next = rest.replace(OPENING, ""); next !== rest; next = rest.replace(OPENING, "")) {
    rest = next;
  }
  return rest.trim();
}

/** "the average of 3, 4 and 5" to "mean(3, 4, 5)". */
function aggregates(text: string): string {
  return text.replace(
    /\b(sum|total|average|mean|median|minimum|maximum|smallest|largest|product) (?:of|among)\s+([-\d.,\s]+(?:(?:and|&)\s+[-\d.]+)?)/gi,
    (whole, name: string, list: string) => {
      const fn = AGGREGATES[name.toLowerCase()];
      const values = list.split(/[,\s]+|and|&/).filter((value) => /\d/.test(value));
      return fn === undefined || values.length === 0 ? whole : `${fn}(${values.join(", ")})`;
    },
  );
}

function signs(text: string): string {
  const written = [...SIGNS, ...UNITS].reduce((rest, [from, to]) => rest.replace(from, to), text);
  return written.replace(/\\L(\w+)/g, (_, word: string) => word.toLowerCase());
}

/** Takes the separators out of 1,234,567, but leaves the commas between a function's arguments. */
function ungrouped(text: string): string {
  let depth = 0;
  const calls: number[] = [];
  const inCall = Array.from({ length: text.length }, (_, i) => {
    if (text[i] === "(") {
      depth += 1;
      if (/[a-z0-9]$/i.test(text.slice(0, i))) calls.push(depth);
    } else if (text[i] === ")") {
      if (calls.at(-1) === depth) calls.pop();
      depth -= 1;
    }
    return calls.length > 0;
  });
  return text.replace(/(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d|,\d)/g, (number, at: number) =>
    inCall[at] ? number : number.replaceAll(",", ""),
  );
}

function rx(pattern: string): RegExp {
  const whole = PARTS.reduce(
    (rest, [part, meaning]) => rest.replaceAll(new RegExp(`${part}(?!])`, "g"), meaning),
    pattern,
  );
  return new RegExp(`^(?:the )?${whole}$`, "iu");
}
