/** Which replies a step may give: nobody is told of what it does not hold. Read by prompt.ts and reading.ts. */
import { z } from "zod";
import { replySchema, type AgentStep, type Reply } from "#core";

export type Kind = Reply["kind"];

export function kindsFor({ colleagues, effects }: AgentStep): readonly Kind[] {
  return [
    "answer",
    "clarify",
    "fail",
    ...(colleagues.some(({ how }) => how === "handoff") ? (["handoff"] as const) : []),
    ...(colleagues.some(({ how }) => how === "delegate") ? (["delegate"] as const) : []),
    ...(effects.length > 0 ? (["propose"] as const) : []),
  ];
}

const schemas = new Map<string, string>();

/** The JSON schema of these kinds, as text; worked out once. */
export function schemaOf(kinds: readonly Kind[]): string {
  const key = kinds.join(" ");
  const known = schemas.get(key);
  if (known !== undefined) return known;
  const options = replySchema.options.filter(({ shape }) => kinds.includes(shape.kind.value));
  const schema = JSON.stringify(z.toJSONSchema(z.union(options), { io: "input" }));
  schemas.set(key, schema);
  return schema;
}
