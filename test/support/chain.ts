/** Chat models of a test in the place of a provider's: the first speaks, the others stand in for it, in this order. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ChatModels } from "../../src/langchain/models/chat-models.ts";
import { createCircuit } from "../../src/langchain/models/circuit.ts";

export function chainOf(...models: readonly { readonly name: string; readonly model: BaseChatModel }[]): ChatModels {
  const links = models.map((each) => ({ ...each, circuit: createCircuit(each.name), longest: 8_192 }));
  return { kind: "openai", chain: () => links, health: () => links.map(({ circuit }) => circuit.health()) };
}
