/** How Nova's own words name its commands on a platform where they are typed in another way. Used by src/service/channels.ts and adapters. */

/** In words of Nova itself, whatever stands as code behind a slash is a command: with `/nova `, `/why` becomes `/nova why`. */
export const commandsAs = (markdown: string, prefix: string): string =>
  markdown.replaceAll(/`\/(?=[a-z])/g, `\`${prefix}`);
