/** Files that came with a message, as references by which fetch.ts finds them again. Used by parse.ts. */
import type { FileRef } from "#core";
import type { SlackFile } from "./heard.ts";

/**
 * Slack's own id and nothing else: the address is asked for when the file is read, so that neither it nor whoever wrote
 * the event decides where the token goes. What Slack holds no bytes of is left away: the address is a stranger's.
 */
export function filesOf(files: readonly SlackFile[] | null | undefined): readonly FileRef[] {
  return (files ?? [])
    .filter(({ mode }) => mode !== "tombstone" && mode !== "hidden_by_limit")
    .map(({ id, name, mimetype, size }) => ({
      ref: id,
      name: name ?? id,
      mime: mimetype ?? "",
      size: Math.floor(size ?? 0),
    }));
}
