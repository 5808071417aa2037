/** `nova trust`: how much each agent may do of each verb, how it has fared, and the verbs by which the operator changes that. */
import { z } from "zod";
import {
  agentId,
  effectiveTrust,
  grantedTrust,
  HOME,
  NovaError,
  TRUSTS,
  type AgentId,
  type AgentSpec,
  type GrantedTrust,
  type Project,
  type Trust,
  type TrustSetting,
} from "#core";
import { askBeforeRaise, untyped } from "./trust-ask.ts";
import { listTrust } from "./trust-list.ts";
import { drawTrust, output, type TrustOutput } from "./trust-words.ts";
import { defineVerb, type VerbParts } from "./verb.ts";
import { who } from "./who.ts";

const agent = z
  .string("an agent is needed")
  .trim()
  .min(1, "an agent is needed")
  .max(100, "that is no agent's id")
  .transform((text) => text.replace(/^@/, "").toLowerCase());
const verb = z.string("a verb is needed").trim().min(1, "a verb is needed").max(63, "that is no verb");
const project = z.string().trim().min(1, "a project's name is needed").max(80, "that is no project's name").optional();
const why = z.string().trim().min(1, "say why, or leave it out").max(500, "the reason is too long").optional();
/** The agent's id, of whoever raises it. */
const typed = z.string().max(100).optional();
const level = z
  .string("a trust from T0 to T4 is needed")
  .trim()
  .toUpperCase()
  .pipe(z.enum(TRUSTS, "the trust must be one of T0, T1, T2, T3 and T4"));

const input = z.discriminatedUnion("do", [
  z.object({ do: z.literal("list"), agent: agent.optional() }),
  z.object({ do: z.literal("look"), agent, verb, trust: level.optional(), project }),
  z.object({ do: z.literal("set"), agent, verb, trust: level, project, why, typed }),
  z.object({ do: z.literal("reset"), agent, verb, project, why, typed }),
  z.object({ do: z.literal("history"), limit: z.coerce.number().int().min(1).max(500).default(50) }),
]);

const AGENT = ["<agent>", "an agent's id"] as const;
const VERB = ["<verb>", "what it may propose, as `nova trust` lists it"] as const;
const OPTIONS: readonly (readonly [string, string])[] = [
  ["--project <name>", "there only (default: wherever nothing is set for the project)"],
  ["--why <words>", "kept with it"],
];

export const trust = defineVerb({
  name: "trust",
  summary: "See how much each agent may do of each verb and how it fared, raise or lower it",
  forms: [
    {
      path: "trust list",
      summary: "List each agent's trust verb by verb, what became of its proposals, and what might be changed",
      isDefault: true,
      arguments: [["[agent]", "of this agent only"]],
      examples: ["nova trust", "nova trust list scheduler", "nova trust list --json"],
      input: ([given]) => ({ do: "list", ...(given === undefined ? {} : { agent: given }) }),
    },
    {
      path: "trust set",
      summary:
        "Raise it, typing the agent's id, or lower it: T0 watch, T1 read, T2 draft, T3 propose, T4 do what can be undone and tell",
      arguments: [[...AGENT], [...VERB], ["<trust>", "T0 to T4; at most the ceiling of the agent's file"]],
      options: OPTIONS,
      examples: [
        "nova trust set scheduler set_reminder T3",
        'nova trust set librarian note_in_project T2 --project Atlas --why "under audit"',
      ],
      input: ([of, what, to], options) => ({ do: "set", agent: of, verb: what, trust: to, ...options }),
      beforehand: askBeforeRaise,
    },
    {
      path: "trust reset",
      summary: "Take back what was set, so that the agent's file holds again",
      arguments: [[...AGENT], [...VERB]],
      options: OPTIONS,
      examples: ["nova trust reset scheduler set_reminder"],
      input: ([of, what], options) => ({ do: "reset", agent: of, verb: what, ...options }),
      beforehand: askBeforeRaise,
    },
    {
      path: "trust history",
      summary: "Tell who set what and why, the newest first",
      options: [["--limit <count>", "how many (default: 50)"]],
      examples: ["nova trust history", "nova trust history --limit 200 --json"],
      input: (_, options) => ({ do: "history", ...options }),
    },
  ],
  input,
  output,
  async run(asked, parts): Promise<TrustOutput> {
    switch (asked.do) {
      case "list":
        return listTrust(asked.agent === undefined ? undefined : find(asked.agent, parts).id, parts);
      case "look": {
        const { trust: to } = asked;
        const change = await (to === undefined ? changeBack(asked, parts) : changeTo({ ...asked, trust: to }, parts));
        return { did: "look", ...facts(change), trust: change.after, raises: raises(change) };
      }
      case "set": {
        const change = await changeTo(asked, parts);
        return { did: "set", ...(await carryOut(change, asked, parts)), trust: asked.trust };
      }
      case "reset": {
        const change = await changeBack(asked, parts);
        return { did: "reset", ...(await carryOut(change, asked, parts)), trust: change.after };
      }
      case "history": {
        const named = await namesOf(parts);
        const all = await parts.storedTrust.history(HOME, asked.limit);
        return { did: "history", settings: all.map((each) => shown(each, named)) };
      }
    }
  },
  words: drawTrust,
});

type Where = { readonly agent: string; readonly verb: string; readonly project?: string | undefined };
type Reason = { readonly why?: string | undefined };

/** What would be changed, read before anything is. */
type Change = {
  readonly agent: AgentId;
  readonly verb: string;
  readonly where: Project | undefined;
  /** Null: taken back. */
  readonly to: Trust | null;
  /** What holds now and would then; null where the agent's file grants the verb no more. */
  readonly before: Trust | null;
  readonly after: Trust | null;
  /** What stands for the agent and verb now. */
  readonly stood: readonly TrustSetting[];
};

type Setting = Where & { readonly trust: Trust };

async function changeTo(asked: Setting, parts: VerbParts): Promise<Change> {
  const spec = find(asked.agent, parts);
  const granted = grantOf(spec, asked.verb);
  const { verb: what, trust: to } = asked;
  if (isAbove(to, granted.ceiling)) throw tooHigh(spec, asked, granted);
  const where = await findProject(asked.project, parts);
  const stood = await parts.storedTrust.of(spec.id, what, HOME);
  const before = effectiveTrust(granted, stood, [where?.id ?? null]);
  return { agent: spec.id, verb: what, where, to, before, after: to, stood };
}

/** Also of what its agent does not hold any more: nothing that was set is out of reach. */
async function changeBack(asked: Where, parts: VerbParts): Promise<Change> {
  const where = await findProject(asked.project, parts);
  const there = where?.id ?? null;
  const stood = await parts.storedTrust.of(agentId(asked.agent), asked.verb, HOME);
  const found = stood.find((each) => each.project === there);
  if (!found) {
    throw new NovaError("not_found", `Nothing is set for \`${asked.verb}\` of ${asked.agent} ${place(where)}.`, {
      advice: "`nova trust` lists what is set.",
    });
  }
  const spec = parts.roster.get(asked.agent);
  const granted = spec && grantedTrust(spec, asked.verb);
  const trustIn = (settings: readonly TrustSetting[]) => (granted ? effectiveTrust(granted, settings, [there]) : null);
  const left = stood.filter((each) => each !== found);
  return { agent: found.agent, verb: found.verb, where, to: null, before: trustIn(stood), after: trustIn(left), stood };
}

const raises = ({ before, after }: Change): boolean => before !== null && after !== null && isAbove(after, before);
const isAbove = (one: Trust, other: Trust): boolean => TRUSTS.indexOf(one) > TRUSTS.indexOf(other);

/** To raise an agent is a change of permissions: a person types whom it is about, see trust-ask.ts. */
async function carryOut(
  change: Change,
  { why: reason, typed: said }: Reason & { readonly typed?: string | undefined },
  parts: VerbParts,
) {
  const { agent: of, verb: what, where, to } = change;
  if (raises(change) && said !== of) throw untyped(of);
  const setting = { agent: of, verb: what, project: where?.id ?? null, trust: to, why: reason ?? null };
  await parts.storedTrust.set(setting, await who(parts, undefined));
  return { ...facts(change), elsewhere: where ? [] : await elsewhere(change.stood, parts) };
}

const facts = ({ agent: of, verb: what, where, before }: Change) => ({
  agent: of,
  verb: what,
  project: where?.name ?? null,
  before,
});

/** What is set for projects stands, whatever is set for all the others. */
async function elsewhere(stood: readonly TrustSetting[], parts: VerbParts) {
  const named = await namesOf(parts);
  return stood.flatMap(({ project: there, trust: to }) =>
    there === null || to === null ? [] : [{ project: named.get(there) ?? there, trust: to }],
  );
}

function find(id: string, { roster }: VerbParts): AgentSpec {
  const found = roster.get(id);
  if (found) return found;
  const acting = roster.all().filter(({ effects }) => effects.length > 0);
  throw new NovaError("not_found", `There is no agent called "${id}".`, {
    advice: `Those that may change something: ${acting.map((each) => each.id).join(", ")}.`,
  });
}

function grantOf(spec: AgentSpec, what: string): GrantedTrust {
  const granted = grantedTrust(spec, what);
  if (granted) return granted;
  const held = spec.effects.map((each) => `\`${each.verb}\``);
  throw new NovaError("not_found", `The ${spec.name} holds no verb \`${what}\`.`, {
    advice: held.length === 0 ? "Its file grants it none." : `It holds ${held.join(", ")}.`,
  });
}

const tooHigh = (
  spec: AgentSpec,
  { verb: what, trust: to }: { verb: string; trust: Trust },
  { ceiling }: GrantedTrust,
) =>
  new NovaError("bad_input", `The ${spec.name} may do \`${what}\` at ${ceiling} at most, so ${to} was not set.`, {
    advice: `Its file says so: agents/${spec.domain}/${spec.id}.md, \`ceiling\` of the verb, or \`trust\` where there is none.`,
  });

async function findProject(name: string | undefined, { projects }: VerbParts): Promise<Project | undefined> {
  if (name === undefined) return undefined;
  const found = await projects.named(HOME, name);
  if (found) return found;
  const known = (await projects.all(HOME)).map((each) => each.name);
  throw new NovaError("not_found", `There is no project called "${name}".`, {
    advice: known.length === 0 ? "There are no projects yet." : `There are: ${known.join(", ")}.`,
  });
}

const place = (where: Project | undefined): string => (where ? `in the project ${where.name}` : "for everywhere");

const namesOf = async ({ projects }: VerbParts): Promise<ReadonlyMap<string, string>> =>
  new Map((await projects.all(HOME)).map(({ id, name }) => [id, name]));

const shown = (setting: TrustSetting, named: ReadonlyMap<string, string>) => ({
  agent: setting.agent,
  verb: setting.verb,
  project: setting.project === null ? null : (named.get(setting.project) ?? setting.project),
  trust: setting.trust,
  why: setting.why,
  by: setting.by.name,
  at: setting.at,
});
