/** How the results of `nova receivers` read. */
import { columns, counted, indent, minute } from "./layout.ts";
import type { IssuedReceiver, ReceiversOutput, ShownDelivery, ShownReceiver } from "./receivers-output.ts";
import type { Ink } from "./verb.ts";

export function drawReceivers(result: ReceiversOutput, ink: Ink): string {
  if ("receivers" in result) return drawList(result.receivers, ink);
  if ("secret" in result) return drawIssued(result, ink);
  if ("removed" in result)
    return `Nothing more is posted to ${ink.bold(result.removed)}; what waited for it is given up, and whoever asked for it is told.`;
  if ("tried" in result) {
    const { name, ok, detail, advice, ms } = result.tried;
    const mark = ok ? ink.green("✓") : ink.red("✗");
    return [
      `${mark} ${ink.bold(name)}: ${detail.replace(/[.]$/, "")}, after ${ms} ms`,
      ...(advice === "" ? [] : [indent(advice)]),
    ].join("\n");
  }
  if ("replayed" in result) return `Post ${result.replayed.id} to ${ink.bold(result.replayed.receiver)} is sent again.`;
  return drawDeliveries(result.deliveries, ink);
}

function drawList(list: readonly ShownReceiver[], ink: Ink): string {
  if (list.length === 0) return "There are no receivers yet. `nova receivers add <name> <address>` adds one.";
  const rows = list.map(({ name, url, createdAt, ...each }) => [name, stateOf(each), minute(createdAt), url]);
  const [head = "", ...lines] = columns([["name", "state", "added", "address"], ...rows]);
  return [ink.dim(head), ...lines].join("\n");
}

function stateOf({ state, disabledWhy, failingSince }: Pick<ShownReceiver, "state" | "disabledWhy" | "failingSince">) {
  if (state === "disabled") return `disabled (${disabledWhy ?? "by hand"})`;
  return failingSince ? `failing since ${minute(failingSince)}` : "active";
}

function drawIssued({ receiver, secret, formerGoodUntil, notes }: IssuedReceiver, ink: Ink): string {
  return [
    `Signed webhooks may be posted to ${ink.bold(receiver.name)}, once somebody has agreed to each.`,
    "",
    indent(
      columns([
        ["address", receiver.url],
        ["signed", "by Standard Webhooks"],
        ["secret", secret],
      ]).join("\n"),
    ),
    "",
    ...notes,
    ...(formerGoodUntil
      ? [`Until ${minute(formerGoodUntil)} UTC posts carry the signature of the secret before, too.`]
      : []),
    "The secret is not shown again: the receiver checks posts with it.",
  ].join("\n");
}

function drawDeliveries(list: readonly ShownDelivery[], ink: Ink): string {
  if (list.length === 0) return "Nothing was posted yet.";
  const rows = list.map((each) => [
    each.id,
    each.receiver,
    each.event,
    each.state,
    counted(each.attempts, "attempt"),
    each.lastCode ?? "-",
    each.nextAt ? `next ${minute(each.nextAt)}` : minute(each.lastAt ?? each.createdAt),
  ]);
  const [head = "", ...lines] = columns([
    ["post", "receiver", "event", "state", "tried", "last", "when (UTC)"],
    ...rows,
  ]);
  return [ink.dim(head), ...lines].join("\n");
}
