/** Modals: opened once by the trigger of a click and within three seconds, with the limits of their fields. Used by peer.ts. */
import type { Clock } from "#core";
import { refused, type Methods } from "./method.ts";
import type { Json } from "./workspace.ts";

const TRIGGER_MS = 3_000;

export function createModals(clock: Clock) {
  const issued = new Map<string, { readonly user: string; readonly at: number }>();
  const open: { readonly user: string; readonly view: Json }[] = [];
  const methods: Methods = {
    async "views.open"({ trigger_id: trigger, view }) {
      const one = issued.get(trigger);
      if (!one) return refused("invalid_trigger_id");
      if (clock.now().getTime() - one.at > TRIGGER_MS) return refused("expired_trigger_id");
      const fault = faultOf(view);
      if (fault) return { ok: false, error: "invalid_arguments", response_metadata: { messages: [fault] } };
      issued.delete(trigger);
      open.push({ user: one.user, view });
      return { ok: true, view: { ...view, id: `V${open.length}` } };
    },
  };
  return {
    methods,
    issue: (trigger: string, user: string): void => void issued.set(trigger, { user, at: clock.now().getTime() }),
    open: open as readonly (typeof open)[number][],
    /** What a reader would send who changes these fields and leaves the others. */
    filled(view: Json, changes: Readonly<Record<string, string>>): Json {
      return Object.fromEntries(
        (view["blocks"] as readonly Json[]).map(({ block_id: name, element }) => {
          const value = changes[name] ?? element.initial_value ?? null;
          if ((value ?? "").length > element.max_length) throw new Error(`the field ${name} takes less`);
          return [name, { [element.action_id]: { type: "plain_text_input", value } }];
        }),
      );
    },
  };
}

/** Why Slack does not take it for a modal; undefined when it does. */
function faultOf(view: Json): string | undefined {
  const { type, title, submit, private_metadata: metadata = "", callback_id: callback = "", blocks = [] } = view;
  if (type !== "modal" || title?.type !== "plain_text" || isBad(title.text, 24)) return "title";
  if (isBad(submit?.text, 24)) return "submit";
  if (metadata.length > 3_000 || callback.length > 255 || blocks.length === 0 || blocks.length > 100) return "view";
  const bad = (blocks as readonly Json[]).find(({ type: kind, label, element, block_id: name }) => {
    if (kind !== "input" || isBad(label?.text, 2_000) || isBad(name, 255)) return true;
    const { initial_value: value, max_length: most } = element;
    if (element.type !== "plain_text_input" || value === "" || most < 1 || most > 3_000) return true;
    return (value ?? "").length > most;
  });
  return bad && `block ${bad["block_id"]}`;
}

const isBad = (text: unknown, most: number): boolean => typeof text !== "string" || text === "" || text.length > most;
