/** Exact arithmetic on a closed list of functions and units; nothing of the library's own language gets through. */
import { all, create, type BigNumber, type ConfigOptions, type MathNode, type Unit } from "mathjs";
import { NovaError } from "#core";

const settings: ConfigOptions = { number: "BigNumber", precision: 64 };
/** The library types its own collection as possibly absent. */
const math = create(all ?? {}, settings);

const FUNCTIONS: ReadonlySet<string> = new Set(
  "abs ceil floor round sign sqrt cbrt exp log log10 log2 pow mod gcd lcm min max sum mean median std variance prod".split(
    " ",
  ),
);
const CONSTANTS: ReadonlySet<string> = new Set(["pi", "e", "tau"]);
const OPERATORS: ReadonlySet<string> = new Set(
  "add subtract multiply divide pow mod unaryMinus unaryPlus factorial to".split(" "),
);

const LONGEST = 1_000;
const MOST_NODES = 300;
const LARGEST_FACTORIAL = 500;
const LARGEST_EXPONENT = 1_000;
/** Digits shown; what needs more is marked as rounded. */
const SHOWN = 14;

/** A value as it is shown, for instance `397.8`, `≈ 0.33333333333333` or `160.02 cm`. */
export function evaluate(expression: string): string {
  if (expression.length > LONGEST) {
    throw new NovaError("too_large", `The calculation is longer than ${LONGEST} characters.`, {
      advice: "Split it, or paste the figures as a table.",
    });
  }
  const tree = parse(expression);
  const nodes = tree.filter(() => true);
  if (nodes.length > MOST_NODES) {
    throw new NovaError("too_large", "The calculation has too many parts.", { advice: "Split it." });
  }
  for (const node of nodes) admit(node);
  return show(run(tree));
}

/** One of the functions that sum columns up, over decimal digits. */
export function aggregate(name: "sum" | "mean" | "median" | "min" | "max", digits: readonly string[]): string {
  const values = digits.map((value) => math.bignumber(value));
  return show(math[name](values));
}

/** -1, 0 or 1, as a sort asks. */
export function compareDigits(a: string, b: string): number {
  return Number(math.compare(math.bignumber(a), math.bignumber(b)));
}

function parse(expression: string): MathNode {
  try {
    return math.parse(expression);
  } catch (cause) {
    throw unreadable(cause);
  }
}

function run(tree: MathNode): unknown {
  try {
    return tree.compile().evaluate();
  } catch (cause) {
    throw new NovaError("bad_input", "That calculation has no result: its units or its parts do not fit together.", {
      advice: "Check the units and the brackets.",
      cause,
    });
  }
}

/** Refuses every node that is not on the lists: no assignment, no strings, no properties, no functions of its own. */
function admit(node: MathNode): void {
  if (math.isParenthesisNode(node)) return;
  if (math.isConstantNode(node) && !["string", "undefined"].includes(typeof node.value)) return;
  if (math.isOperatorNode(node) && OPERATORS.has(node.fn)) {
    if (node.fn === "factorial") admitFactorial(node.args[0]);
    return;
  }
  if (math.isFunctionNode(node) && FUNCTIONS.has(node.fn.name)) return;
  if (math.isSymbolNode(node) && (FUNCTIONS.has(node.name) || CONSTANTS.has(node.name) || isUnit(node.name))) return;
  throw unreadable();
}

/** The one operator whose cost grows with its argument. */
function admitFactorial(argument: MathNode | undefined): void {
  if (math.isConstantNode(argument) && Number(argument.value) <= LARGEST_FACTORIAL) return;
  throw new NovaError("bad_input", `A factorial can be taken of a plain number up to ${LARGEST_FACTORIAL}.`, {
    advice: "Write the number itself before the exclamation mark.",
  });
}

function isUnit(name: string): boolean {
  return math.Unit.isValuelessUnit(name);
}

function show(value: unknown): string {
  if (math.isUnit(value)) {
    const [number = "", ...unit] = format(value, SHOWN).split(" ");
    // "A" alone is a unit, and so is "m3", but no amount of anything.
    if (!/^-?\d/.test(number)) throw unreadable();
    const whole = format(value, settings.precision).split(" ")[0] ?? number;
    const name = unit
      .join(" ")
      .replace(" / ", "/")
      .replace(/^deg(?=[CF]$)/, "°");
    return `${mark(number, math.bignumber(whole))} ${name}`;
  }
  if (!math.isBigNumber(value)) {
    throw new NovaError("bad_input", "That calculation has no real number as its result.", {
      advice: "Check for the root or logarithm of a negative number.",
    });
  }
  if (!value.isFinite() || value.e > LARGEST_EXPONENT) {
    throw new NovaError("bad_input", "That calculation has no finite result of a sensible size.", {
      advice: "Check for a division by zero or a very large power.",
    });
  }
  return mark(format(value, SHOWN), value);
}

function mark(shown: string, exact: BigNumber): string {
  return math.bignumber(shown).equals(exact) ? grouped(shown) : `≈ ${grouped(shown)}`;
}

function format(value: BigNumber | Unit, precision: number | undefined): string {
  return math.format(value, { precision: precision ?? SHOWN, lowerExp: -9, upperExp: 21 });
}

/** Separators from five digits on: 1,234,567.89 */
function grouped(number: string): string {
  const [, sign = "", whole = "", rest = ""] = /^(-?)(\d+)(.*)$/.exec(number) ?? [];
  if (whole.length < 5) return number;
  return `${sign}${whole.replace(/\B(?=(?:\d{3})+$)/g, ",")}${rest}`;
}

function unreadable(cause?: unknown): NovaError {
  return new NovaError("bad_input", "That is not a calculation that can be read.", {
    advice: "Write it in figures and signs, for instance `17% of 2,340`, `(1200 + 350) * 3` or `5 km to miles`.",
    cause,
  });
}
