/** Strangers' words inside of Nova's: always code, on one line, so that they can be nothing but a quotation. */
import { clip } from "#core";
import { tidy } from "./page.ts";

/** Words of the message between backticks; what was cut off shows outside of them. */
export function quote(text: string, limit = 80): string {
  const plain = tidy(text).replaceAll("`", "'");
  const cut = clip(plain, limit);
  return cut === plain ? `\`${plain}\`` : `\`${cut.slice(0, -1).trimEnd()}\` …`;
}

/** Several, once each. */
export function quotes(texts: readonly string[], most: number, limit = 60): string {
  const distinct = [...new Map(texts.map((text) => [tidy(text).toLowerCase(), text])).values()];
  return distinct
    .slice(0, most)
    .map((text) => quote(text, limit))
    .join(", ");
}
