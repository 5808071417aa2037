/** Which chat model speaks for a tier: an OpenAI-compatible server when one is configured, else the offline model. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatOpenAI } from "@langchain/openai";
import type { AgentSpec, AgentStep } from "#core";
import { createOfflineModel } from "./offline/offline-model.ts";

export type ModelTier = AgentSpec["model"];

export type ChatModelSettings = {
  /** Names of models as the provider knows them. `fast` and `deep` default to `main`. */
  readonly main?: string | undefined;
  readonly fast?: string | undefined;
  readonly deep?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Base URL of an OpenAI-compatible server, ending in /v1. A server of one's own may need no key. */
  readonly baseUrl?: string | undefined;
};

export interface ChatModels {
  readonly kind: "offline" | "openai";
  /** The offline model reads the step itself; the others are the same for every step. */
  for(tier: ModelTier, step: AgentStep): { readonly name: string; readonly model: BaseChatModel };
}

/** Asked for when only a key is set; a server of one's own has names of its own. */
export const DEFAULT_MODEL = "gpt-5-mini";

export function createChatModels(settings: ChatModelSettings): ChatModels {
  if (!settings.apiKey && !settings.baseUrl) {
    return { kind: "offline", for: (_tier, step) => ({ name: "offline", model: createOfflineModel(step) }) };
  }
  return {
    kind: "openai",
    for(tier, step) {
      const name = settings[tier] ?? settings.main ?? DEFAULT_MODEL;
      return { name, model: openai(name, settings, step) };
    },
  };
}

/** No retries of its own: the run owns the deadline and knows what was shown. */
function openai(model: string, { apiKey, baseUrl }: ChatModelSettings, step: AgentStep): BaseChatModel {
  return new ChatOpenAI({
    model,
    apiKey: apiKey ?? "none",
    maxRetries: 0,
    timeout: step.agent.timeoutMs,
    ...(baseUrl ? { configuration: { baseURL: baseUrl } } : {}),
  });
}
