/** `nova agents`: who is on call, what one of them is for, and whether the files hold together. */
import { z } from "zod";
import { agentFrontMatter, type AgentSpec, DOMAINS, NovaError } from "#core";
import { callOf } from "./agent-contract.ts";
import { effectsOf, shownEffect } from "./agents-trust.ts";
import { drawAgent } from "./agents-words.ts";
import { tryGoldenRoutes } from "./golden.ts";
import { counted } from "./layout.ts";
import { defineVerb, type Ink, type VerbParts } from "./verb.ts";

const spec = agentFrontMatter.extend({ id: z.string(), domain: z.enum(DOMAINS), prompt: z.string() });
const listed = z.array(
  spec.pick({ id: true, domain: true, name: true, purpose: true, visibility: true, trust: true, model: true }).strip(),
);
/** As the file's reader has made of it. */
const cap = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("money"), micros: z.number() }),
  z.object({ kind: z.literal("tokens"), tokens: z.number() }),
]);
const shown = spec.extend({
  budget: z.object({ modelCalls: z.int(), toolCalls: z.int(), tokens: z.int(), daily: cap.optional() }),
  /** What it may propose, with what that is and what is at stake. */
  effects: z.array(shownEffect),
  /** As JSON Schema. */
  contract: z.object({ input: z.unknown(), output: z.unknown() }),
  /** A call to be pasted into a shell. */
  call: z.string(),
});
const checked = z.object({
  agents: z.int(),
  golden: z.object({
    tried: z.int(),
    failed: z.array(z.object({ agent: z.string(), input: z.string(), expected: z.string(), got: z.string() })),
  }),
});

const reloaded = z.object({ onCall: z.int() });

type Listed = z.infer<typeof listed>;
type Checked = z.infer<typeof checked>;

export const agents = defineVerb({
  name: "agents",
  summary: "List the agents on call, show one, check or reload their files",
  forms: [
    {
      path: "agents list",
      summary: "List the agents on call, by domain",
      isDefault: true,
      examples: ["nova agents", "nova agents list --json"],
      input: () => ({ do: "list" }),
    },
    {
      path: "agents show",
      summary: "Show what one agent is for, may do and is made of",
      arguments: [["<id>", "an agent's id"]],
      examples: ["nova agents show librarian", "nova agents show librarian --json"],
      input: ([id]) => ({ do: "show", id }),
    },
    {
      path: "agents check",
      summary: "Read the agents' files anew and try their golden routes",
      examples: ["nova agents check"],
      input: () => ({ do: "check" }),
    },
    {
      path: "agents reload",
      summary: "Put the agents' files as they are now on call, without a restart",
      examples: ["nova agents reload"],
      input: () => ({ do: "reload" }),
    },
  ],
  input: z.discriminatedUnion("do", [
    z.object({ do: z.literal("list") }),
    z.object({ do: z.literal("show"), id: z.string().min(1) }),
    z.object({ do: z.literal("check") }),
    z.object({ do: z.literal("reload") }),
  ]),
  output: z.union([listed, checked, reloaded, shown]),
  async run(input, parts, _emit, signal) {
    switch (input.do) {
      case "list":
        return listed.parse(parts.roster.all());
      case "show":
        return show(find(input.id, parts), parts);
      case "check":
        return check(parts, signal);
      case "reload":
        return parts.reloadAgents();
    }
  },
  words(output, ink) {
    if (Array.isArray(output)) return drawList(output, ink);
    if ("onCall" in output) return ink.green(`${counted(output.onCall, "agent")} on call, as their files say now.`);
    return "id" in output ? drawAgent(output, ink) : drawCheck(output, ink);
  },
  failed: (output) => "golden" in output && !("id" in output) && output.golden.failed.length > 0,
});

function find(id: string, { roster }: VerbParts): AgentSpec {
  const found = roster.get(id.replace(/^@/, "").toLowerCase());
  if (found) return found;
  const known = roster.all().map((agent) => agent.id);
  throw new NovaError("not_found", `There is no agent called "${id}".`, {
    advice: known.length === 0 ? "No agent is on call." : `On call: ${known.join(", ")}.`,
  });
}

async function show(agent: AgentSpec, parts: VerbParts): Promise<z.infer<typeof shown>> {
  const { roster, publicUrl } = parts;
  const schema = (side: "input" | "output"): unknown => {
    const contract = roster.contract(agent.id, side);
    return contract ? z.toJSONSchema(contract, { io: side, unrepresentable: "any" }) : {};
  };
  const contract = { input: schema("input"), output: schema("output") };
  return {
    ...agent,
    effects: [...(await effectsOf(agent, parts))],
    contract,
    call: callOf(agent, contract.input, publicUrl()),
  };
}

async function check(parts: VerbParts, signal: AbortSignal): Promise<Checked> {
  const { roster, router } = await parts.readAgents();
  const { tried, failed } = await tryGoldenRoutes(roster, router, signal);
  return { agents: roster.all().length, golden: { tried, failed: [...failed] } };
}

function drawList(list: Listed, ink: Ink): string {
  const width = Math.max(...list.map(({ id }) => id.length), 0);
  return DOMAINS.filter((domain) => list.some((agent) => agent.domain === domain))
    .map((domain) =>
      [
        ink.bold(domain),
        ...list
          .filter((agent) => agent.domain === domain)
          .map(({ id, purpose }) => `  ${ink.cyan(id.padEnd(width))}  ${purpose}`),
      ].join("\n"),
    )
    .join("\n\n");
}

function drawCheck({ agents: count, golden }: Checked, ink: Ink): string {
  const held = golden.tried - golden.failed.length;
  const head = `${counted(count, "agent")} read; ${held} of ${counted(golden.tried, "golden route")} held.`;
  const wrong = golden.failed.map(
    ({ agent, input, expected, got }) => `  ${agent}: "${input}" went to ${ink.red(got)} instead of ${expected}`,
  );
  return [wrong.length === 0 ? ink.green(head) : ink.red(head), ...wrong].join("\n");
}
