/** The memory of this installation: what is kept, found and forgotten, person by person. Made by the roof. */
import type { Memory } from "#core";
import { createRecall, scopeOf, type RecallDeps } from "./recall.ts";

export function createMemory(deps: RecallDeps): Memory {
  const { store } = deps;
  return {
    as: (person, visibility) => createRecall(deps, { ...scopeOf(person), shared: visibility === "shared" }),
    add: (person, item) => store.add(scopeOf(person), item),
    forget: (person, item) => store.forget(scopeOf(person), item),
    newest: (person, limit, kinds) => store.newest(scopeOf(person), limit, kinds),
  };
}
