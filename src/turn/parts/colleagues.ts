/** Whom an agent is told of: those that its file lets it hand over to or call, that this person may meet, with what they take. */
import { z } from "zod";
import { mayMeet, mayRead, type AgentSpec, type Colleague, type FullRoster, type JsonObject, type Person } from "#core";

type Told = { readonly person: Pick<Person, "role">; readonly tainted: boolean; readonly roster: FullRoster };

export function colleaguesOf(agent: AgentSpec, told: Told): readonly Colleague[] {
  return [
    ...agent.mayHandOffTo.flatMap((id) => colleague(id, "handoff", told)),
    ...agent.mayDelegateTo.flatMap((id) => colleague(id, "delegate", told)),
  ];
}

/** Whoever takes no words from outside is no colleague where some were read: the check would refuse it. */
function colleague(id: string, how: Colleague["how"], { person, tainted, roster }: Told): readonly Colleague[] {
  const spec = roster.get(id);
  const contract = roster.contract(id, "input");
  if (!spec || !contract || !mayMeet(person.role, spec) || (tainted && !mayRead("outside", spec))) return [];
  return [{ id: spec.id, purpose: spec.purpose, how, input: schemaOf(contract) }];
}

/** What of an input does not fit the contract of the one among them that it is to go to, so that its author may mend it. */
export const misfitsOf =
  (colleagues: readonly Colleague[], roster: FullRoster) =>
  (to: string, input: JsonObject): readonly string[] => {
    if (!colleagues.some(({ id }) => id === to)) return [];
    const issues = roster.contract(to, "input")?.safeParse(input).error?.issues ?? [];
    return issues.map(({ path, message }) => `${["input", ...path.map(String)].join(".")} for ${to}: ${message}`);
  };

const schemas = new WeakMap<z.ZodType, JsonObject>();

/** Worked out once for each contract. */
function schemaOf(contract: z.ZodType): JsonObject {
  const known = schemas.get(contract);
  if (known) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(contract, { io: "input", unrepresentable: "any" });
  const told = jsonObject.parse(JSON.parse(JSON.stringify(schema)));
  schemas.set(contract, told);
  return told;
}

const jsonObject = z.record(z.string(), z.json());
