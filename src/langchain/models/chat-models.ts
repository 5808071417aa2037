/** Which chat models speak for a tier, and in which order: an OpenAI-compatible server's, and behind them the offline model. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { systemClock, type AgentSpec, type Clock, type ModelHealth } from "#core";
import { createCircuit, type Circuit } from "./circuit.ts";
import { createOpenAi, type ServerSettings } from "./openai.ts";
import { isOpenAi } from "./prices.ts";

export type ModelTier = AgentSpec["model"];

export type ChatModelSettings = ServerSettings & {
  /** Names of models as the provider knows them. `fast` and `deep` default to `main`. */
  readonly main?: string | undefined;
  readonly fast?: string | undefined;
  readonly deep?: string | undefined;
};

/** A model that may be asked. The same one for every step, so that its circuit sees all that happens to it. */
export type Link = {
  readonly name: string;
  readonly model: BaseChatModel;
  readonly circuit: Circuit;
  /** The most tokens that an answer may have, thoughts included. */
  readonly longest: number;
};

export interface ChatModels {
  readonly kind: "offline" | "openai";
  /** Whom to ask for a tier, one after the other. Empty: nobody but the offline model, which stands behind every chain. */
  chain(tier: ModelTier): readonly Link[];
  /** How the models do that were asked so far, in this process. */
  health(): readonly ModelHealth[];
}

/** Asked for when only a key is set; a server of one's own has names of its own. */
export const DEFAULT_MODEL = "gpt-5-mini";

/** The most that every one of OpenAI's models since gpt-4o takes for a limit; those that think need much of it. */
const OPENAI_LONGEST = 16_384;
/** A server of one's own may have a small window, and refuses a question that together with this limit does not fit. */
const OWN_LONGEST = 8_192;

/** Who stands in for a tier. Nobody but who asked for the dear model pays for it. */
const ORDER: Readonly<Record<ModelTier, readonly ModelTier[]>> = {
  fast: ["fast", "main"],
  main: ["main", "fast"],
  deep: ["deep", "main", "fast"],
};

export function createChatModels(settings: ChatModelSettings, clock: Clock = systemClock): ChatModels {
  if (!settings.apiKey && !settings.baseUrl) return { kind: "offline", chain: () => [], health: () => [] };
  const longest = isOpenAi(settings.baseUrl ?? null) ? OPENAI_LONGEST : OWN_LONGEST;
  const links = new Map<string, Link>();
  const linkOf = (name: string): Link => {
    const known = links.get(name);
    const link = known ?? { name, model: createOpenAi(name, settings), circuit: createCircuit(name, clock), longest };
    links.set(name, link);
    return link;
  };
  const nameOf = (tier: ModelTier): string => settings[tier] ?? settings.main ?? DEFAULT_MODEL;
  return {
    kind: "openai",
    chain: (tier) => [...new Set(ORDER[tier].map(nameOf))].map(linkOf),
    health: () => Array.from(links.values(), ({ circuit }) => circuit.health()),
  };
}
