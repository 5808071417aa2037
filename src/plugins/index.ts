/** The door of the loaders, for the roof: what is found in adapters/ and agents/. */
export { loadAdapters } from "./adapters.ts";
export { loadAgents, type LoadedAgents } from "./agents.ts";
export { loadEffects } from "./effects.ts";
export { openRoster, type LiveRoster } from "./roster.ts";
export { loadTools } from "./tools.ts";
