/** What a body says, and in which of the endpoint's conversations. Made by standard.ts and github.ts for parse.ts. */
export type Said = { readonly text: string; readonly conversation: string };

/** The conversation of posts that name none. */
export const MAIN = "main";
