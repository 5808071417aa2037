/** What an agent's file grants it: tools and effects that exist and are open to its domain. Used by edges.ts. */
import { TRUSTS, type AgentSpec, type Domain, type EffectDefinition, type ToolDefinition } from "#core";
import { suggest, type Problem } from "./problem.ts";

type Fault = Omit<Problem, "file">;

type Grantable = { readonly tools: readonly ToolDefinition[]; readonly effects: readonly EffectDefinition[] };

/** A verb named `erp_…` or `pipeline_…` is one of that domain, and no other domain may hold it. */
const WALLED: readonly Domain[] = ["erp", "pipeline"];

export function checkGrants(spec: AgentSpec, { tools, effects }: Grantable): readonly Fault[] {
  const named = effects.map((effect) => effect.verb);
  const granted = spec.effects.map(({ verb }) => verb);
  return [
    ...checkNames(spec, "tool", { granted: spec.tools, known: tools.map((tool) => tool.name) }),
    ...checkNames(spec, "effect", { granted, known: named }),
    ...checkTrust(spec),
  ];
}

function checkNames(
  spec: AgentSpec,
  what: "tool" | "effect",
  { granted, known }: { readonly granted: readonly string[]; readonly known: readonly string[] },
): readonly Fault[] {
  return granted.flatMap((name, i): Fault[] => {
    const key = what === "tool" ? `tools[${i}]` : `effects[${i}].verb`;
    if (!known.includes(name)) return [{ key, what: `there is no ${what} \`${name}\``, advice: suggest(name, known) }];
    if (granted.indexOf(name) !== i) return [{ key, what: `\`${name}\` stands twice`, advice: "Name it once." }];
    const wall = WALLED.find((domain) => name.startsWith(`${domain}_`) && domain !== spec.domain);
    if (!wall) return [];
    const advice = `Hand over to an agent of the ${wall} domain instead.`;
    return [{ key, what: `a ${spec.domain} agent cannot hold the ${wall} verb \`${name}\``, advice }];
  });
}

/** A grant that could never be used is a mistake, and one that acts alone on an ERP is a danger. */
function checkTrust(spec: AgentSpec): readonly Fault[] {
  return spec.effects.flatMap(({ verb, trust = spec.trust, ceiling = trust }, i): Fault[] => {
    const key = `effects[${i}].trust`;
    if (TRUSTS.indexOf(trust) < TRUSTS.indexOf("T2")) {
      const advice = "Give this verb a trust of T2 (draft), T3 (a person decides) or T4 (done and told), or remove it.";
      return [{ key, what: `is ${trust}, with which \`${verb}\` can never be proposed`, advice }];
    }
    if (TRUSTS.indexOf(ceiling) < TRUSTS.indexOf(trust)) {
      const advice = `Give it a ceiling of ${trust} or above, or begin lower.`;
      return [{ key: `effects[${i}].ceiling`, what: `is ${ceiling}, below the ${trust} that it begins with`, advice }];
    }
    if (ceiling === "T4" && spec.domain === "erp") {
      const advice = "An ERP agent proposes, and a person decides: T3 at most.";
      const at = trust === "T4" ? key : `effects[${i}].ceiling`;
      return [{ key: at, what: `lets \`${verb}\` be done without a person`, advice }];
    }
    return [];
  });
}
