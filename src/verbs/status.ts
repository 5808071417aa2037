/** `nova status`: what runs, how it is, and what the last day brought. */
import { z } from "zod";
import { watchOf } from "#core";
import { columns, counted, indent, minute, span } from "./layout.ts";
import { drawSpent, readSpent, spentOutput } from "./status-spent.ts";
import { defineVerb, type Ink } from "./verb.ts";
import { operationsOf, who } from "./who.ts";

const health = z.object({ ok: z.boolean(), detail: z.string() });
const output = z.object({
  service: z.boolean(),
  version: z.string(),
  startedAt: z.coerce.date(),
  url: z.string(),
  model: z.string(),
  database: z.enum(["embedded", "server"]),
  adapters: z.array(z.object({ platform: z.string(), transport: health, admission: health, auth: health })),
  report: z.object({
    since: z.coerce.date(),
    turns: z.object({ done: z.int(), failed: z.int(), cancelled: z.int(), running: z.int() }),
    waitingMessages: z.int(),
    undeliveredParts: z.int(),
    unknownParts: z.int(),
    failedParts: z.int(),
    latency: z.object({ p50: z.number(), p95: z.number() }).nullable(),
    byAgent: z.array(z.object({ agent: z.string(), turns: z.int(), failed: z.int(), tokens: z.int() })),
    failures: z.array(z.object({ code: z.string(), count: z.int() })),
  }),
  /** Where answers were weak in turns of the same time, 500 at most. */
  signals: z.int().default(0),
  spent: spentOutput,
});
type Output = z.infer<typeof output>;

const MOST_SIGNALS = 500;
const DAY_MS = 24 * 60 * 60_000;

export const status = defineVerb({
  name: "status",
  summary: "Show what runs, how it is, and what the last day brought",
  forms: [
    {
      path: "status",
      summary: "Show what runs, how it is, and what the last day brought",
      examples: ["nova status", "nova status --json"],
      input: () => ({}),
    },
  ],
  input: z.object({}),
  output,
  async run(_input, parts): Promise<Output> {
    const since = new Date(parts.clock.now().getTime() - DAY_MS);
    const owner = await who(parts, undefined);
    const report = await operationsOf(parts, owner).report(since);
    const signals = await parts.signals.list(watchOf(owner), MOST_SIGNALS);
    const { adapters, ...facts } = parts.facts();
    return {
      ...facts,
      url: parts.publicUrl(),
      adapters: [...adapters],
      report: { ...report, byAgent: [...report.byAgent], failures: [...report.failures] },
      signals: signals.filter(({ at }) => at >= since).length,
      spent: await readSpent(parts.spending),
    };
  },
  words: drawn,
});

function drawn(now: Output, ink: Ink): string {
  const state = now.service
    ? `${ink.green("running")} since ${minute(now.startedAt)} UTC at ${now.url}`
    : ink.yellow("not running; this was read from its folder");
  const { report } = now;
  const facts = [
    ["model", now.model],
    ["database", now.database],
    ...now.adapters.map((adapter) => [adapter.platform, drawHealth(adapter, now.service, ink)]),
  ];
  const figures = [
    ["turns", `${report.turns.done} done, ${report.turns.failed} failed, ${report.turns.cancelled} stopped`],
    ["now", `${report.turns.running} running, ${counted(report.waitingMessages, "message")} waiting`],
    ["to be sent", counted(report.undeliveredParts, "part")],
    ...(report.unknownParts > 0
      ? [["in doubt", ink.yellow(`${counted(report.unknownParts, "part")}: may not have arrived`)]]
      : []),
    ...(report.failedParts > 0
      ? [["given up", ink.red(`${counted(report.failedParts, "part")}: did not arrive`)]]
      : []),
    ["latency", report.latency ? `${span(report.latency.p50)} median, ${span(report.latency.p95)} at p95` : "no turns"],
    ...(now.signals > 0 ? [["weak", `${counted(now.signals, "signal")}: \`nova signals\` lists them`]] : []),
    ...report.failures.map(({ code, count }) => ["unanswered", `${code} × ${count}`]),
  ];
  return [
    `${ink.bold("Nova")} ${now.version}, ${state}`,
    indent(columns(facts).join("\n")),
    "",
    ink.bold("Last 24 hours"),
    indent(columns(figures).join("\n")),
    ...(report.byAgent.length > 0 ? ["", ink.bold("By agent"), indent(drawAgents(report.byAgent))] : []),
    "",
    drawSpent(now.spent, ink),
  ].join("\n");
}

function drawAgents(agents: Output["report"]["byAgent"]): string {
  return columns(
    agents.map(({ agent, turns, failed, tokens }) => [
      agent,
      counted(turns, "turn"),
      `${failed} unanswered`,
      counted(tokens, "token"),
    ]),
  ).join("\n");
}

/** Only a service holds connections; what a single verb opened from the folder says nothing of them. */
function drawHealth({ transport, admission, auth }: Output["adapters"][number], isService: boolean, ink: Ink): string {
  if (!isService) return ink.dim("opens with the service");
  const facts = { transport, admission, auth };
  const ill = Object.entries(facts).filter(([, { ok }]) => !ok);
  if (ill.length === 0) return `${ink.green("well")} ${ink.dim(`(${transport.detail})`)}`;
  return ink.red(ill.map(([fact, { detail }]) => `${fact}: ${detail}`).join("; "));
}
