/** Styles by purpose, on node's own styleText; without colour every one of them leaves the text as it is. */
import { styleText } from "node:util";

export type Ink = Readonly<
  Record<"heading" | "bold" | "italic" | "struck" | "dim" | "code" | "link", (text: string) => string>
>;

type Format = Parameters<typeof styleText>[0];

const FORMATS: Readonly<Record<keyof Ink, Format>> = {
  heading: ["bold", "underline"],
  bold: "bold",
  italic: "italic",
  struck: "strikethrough",
  dim: "dim",
  code: "cyan",
  link: "underline",
};

export function inkFor(color: boolean): Ink {
  const style = (name: keyof Ink) => (text: string) =>
    // Whether the reader's output is a terminal was settled where it is read; this process may have none.
    color && text !== "" ? styleText(FORMATS[name], text, { validateStream: false }) : text;
  return {
    heading: style("heading"),
    bold: style("bold"),
    italic: style("italic"),
    struck: style("struck"),
    dim: style("dim"),
    code: style("code"),
    link: style("link"),
  };
}
