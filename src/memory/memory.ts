/** The memory of this installation: what is kept, found and forgotten, person by person. Made by the roof. */
import { wholeOf, type Memory } from "#core";
import { createRecall, type RecallDeps } from "./recall.ts";

export function createMemory(deps: RecallDeps): Memory {
  const { store } = deps;
  return {
    as: (person, where) => createRecall(deps, { ...wholeOf(person), ...where }),
    add: (person, item, where) => store.add({ ...wholeOf(person), ...where }, item),
    forget: (person, item) => store.forget(wholeOf(person), item),
    newest: (person, limit, kinds) => store.newest(wholeOf(person), limit, kinds),
  };
}
