/** Finds the channels: every folder of adapters/ with an index.ts. Called at start with the names that are asked for. */
import { join } from "node:path";
import { z } from "zod";
import { NovaError, type AdapterDefinition } from "#core";
import { isRecord, list, open, shown } from "./file.ts";
import { refuse, suggest, type Problem } from "./problem.ts";

/**
 * Reads the adapters of these names, or all of them, in the order of the names. A name without a folder is a
 * `bad_config`, a folder without a sound adapter a `bad_plugin`: a channel asked for is never merely skipped.
 */
export async function loadAdapters(dir: string, names?: readonly string[]): Promise<readonly AdapterDefinition[]> {
  const known = (await list(dir)).filter((entry) => entry.folder).map((entry) => entry.name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const advice = `${suggest(unknown, known)} NOVA_ADAPTERS names the adapters, with commas between them.`;
    throw new NovaError("bad_config", `There is no adapter \`${unknown}\`.`, { advice });
  }
  const adapters: AdapterDefinition[] = [];
  const problems: Problem[] = [];
  for (const name of new Set(names ?? known)) {
    const path = join(dir, name, "index.ts");
    const file = shown(path, dir);
    const adapter = (await open(path, file))["default"];
    if (!isAdapter(adapter)) {
      const advice = "Write `export default defineAdapter({ … })`.";
      problems.push({ file, key: "default", what: "is not an adapter", advice });
      continue;
    }
    problems.push(...checkAdapter(adapter, name).map((fault) => ({ file, ...fault })));
    adapters.push(adapter);
  }
  refuse(problems);
  return adapters;
}

function isAdapter(value: unknown): value is AdapterDefinition {
  return (
    isRecord(value) &&
    value["kind"] === "adapter" &&
    ["parse", "render", "create"].every((verb) => typeof value[verb] === "function")
  );
}

function checkAdapter(adapter: AdapterDefinition, folder: string): Omit<Problem, "file">[] {
  const faults: Omit<Problem, "file">[] = [];
  if (adapter.platform !== folder) {
    const advice = `Call it \`${folder}\`, as its folder says.`;
    faults.push({ key: "platform", what: `is \`${adapter.platform}\``, advice });
  }
  if (!(adapter.settings instanceof z.ZodObject)) {
    faults.push({ key: "settings", what: "is not a zod object", advice: "Write `settings: z.object({ … })`." });
  }
  const { caps } = adapter;
  if (!(caps?.maxText > 0) || typeof caps.idempotentSend !== "boolean" || typeof caps.buttons !== "boolean") {
    faults.push({ key: "caps", what: "is incomplete", advice: "Give `maxText`, `idempotentSend` and `buttons`." });
  }
  if (!Array.isArray(adapter.examples?.accepted) || !Array.isArray(adapter.examples.ignored)) {
    const advice = "Give `accepted` and `ignored`: bodies that the contract suite tries.";
    faults.push({ key: "examples", what: "is incomplete", advice });
  }
  return faults;
}
