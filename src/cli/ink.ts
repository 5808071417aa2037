/** Colours for the words of verbs; plain where the output is no terminal or NO_COLOR is set. */
import { styleText } from "node:util";

const NAMES = ["bold", "dim", "red", "green", "yellow", "cyan"] as const;
export type Ink = Readonly<Record<(typeof NAMES)[number], (text: string) => string>>;

export function createInk(color: boolean): Ink {
  const style = (name: (typeof NAMES)[number]) => (text: string) =>
    color && text !== "" ? styleText(name, text, { validateStream: false }) : text;
  return {
    bold: style("bold"),
    dim: style("dim"),
    red: style("red"),
    green: style("green"),
    yellow: style("yellow"),
    cyan: style("cyan"),
  };
}
