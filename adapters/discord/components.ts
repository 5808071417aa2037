/** Buttons: actions of the core as rows of Discord's components, and the way back. Pure. Used by message.ts, and by inbound/ for clicks and forms. */
import type { Action } from "#core";

export type Row = { readonly type: 1; readonly components: readonly Button[] };
type Button = { readonly type: 2; readonly style: Style; readonly label: string; readonly custom_id: string };

type Style = (typeof STYLES)[keyof typeof STYLES];

const STYLES = { primary: 1, plain: 2, danger: 4 } as const;
const IN_ROW = 5;
const MOST_ROWS = 5;
const LABEL_LENGTH = 80;
/** Ours among all that may stand under a message; an id has at most 100 characters. */
const PREFIX = "nova:";
const ID_LENGTH = 100;

export function rowsOf(actions: readonly Action[]): readonly Row[] {
  const buttons = actions
    .filter(({ id }) => PREFIX.length + id.length <= ID_LENGTH)
    .slice(0, IN_ROW * MOST_ROWS)
    .map(({ id, label, style }): Button => ({
      type: 2,
      style: STYLES[style ?? "plain"],
      label: shortened(label),
      custom_id: customId(id),
    }));
  return Array.from({ length: Math.ceil(buttons.length / IN_ROW) }, (_, row) => ({
    type: 1,
    components: buttons.slice(row * IN_ROW, (row + 1) * IN_ROW),
  }));
}

export const customId = (action: string): string => PREFIX + action;

/** The action that a click means; undefined when the button is not one of ours. */
export const actionOf = (customId: string): string | undefined =>
  customId.startsWith(PREFIX) ? customId.slice(PREFIX.length) : undefined;

function shortened(label: string): string {
  const text = label.trim() === "" ? "Button" : label;
  return text.length <= LABEL_LENGTH ? text : `${text.slice(0, LABEL_LENGTH - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
