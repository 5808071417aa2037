/** Which words hand over a link code. Accepting redeems them; channels that vouch for an account refuse them. */

/** Also as it is typed in Slack, `/nova link CODE`: it is copied from there. Without the slash only what has a code's shape, so that "link building" stays two words. */
const LINK = /^\s*(?:\/(?:nova\s+)?link\s+(\S{1,40})|(?:nova\s+)?link\s+([a-z0-9]{4}-[a-z0-9]{4}))\s*$/i;

/** The code of `/link CODE` or a bare `link XXXX-XXXX`, as typed; NUL, which no text keeps, does not hide it. */
export function linkCode(text: string): string | undefined {
  const [, ordered, bare] = LINK.exec(text.replaceAll("\0", "")) ?? [];
  return ordered ?? bare;
}
