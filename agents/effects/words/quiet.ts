/** Words that call nobody together: what would ring everybody's bell is written apart. Used by effects that speak to others. */

/** As Slack and Discord write it, in whatever letters it is disguised. */
const EVERYBODY = /[@＠]\s*(?=(?:here|everyone|channel|all)\b)|<!(?=(?:here|everyone|channel|subteam)\b)/giu;
const ROLE = /<(?=[@#][!&]?\w)/g;

export const quiet = (text: string): string =>
  text.replaceAll(EVERYBODY, (mark) => (mark.startsWith("<") ? "< !" : "@ ")).replaceAll(ROLE, "< ");
