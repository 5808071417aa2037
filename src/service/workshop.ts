/** Where messages are worked on: models, router, effects and the worker, over the stores. Opened by main.ts. */
import {
  createProgressBus,
  type Address,
  type Clock,
  type Log,
  type Performer,
  type Person,
  type Surfaces,
} from "#core";
import { createEgress } from "../egress/egress.ts";
import type { Purse } from "../langchain/call/costs.ts";
import type { ChatModels } from "../langchain/models/chat-models.ts";
import { createPrices } from "../langchain/models/prices.ts";
import { createRouteJudge } from "../langchain/route/judge.ts";
import { createStepRunner } from "../langchain/step-runner.ts";
import { createPolicy } from "../policy/policy.ts";
import type { Config } from "../settings/config.ts";
import { toldProposals } from "../telemetry/recording.ts";
import { createAnnouncements } from "../turn/announce.ts";
import { createStanding } from "../turn/approval/standing.ts";
import type { Crew, Outlet } from "../turn/crew.ts";
import { createWorker } from "../turn/worker.ts";
import { createDestinations } from "./destinations.ts";
import { openRouter, type OnCall } from "./on-call.ts";
import { openPerforming } from "./performing.ts";
import type { Stores } from "./stores.ts";

export type WorkshopParts = {
  readonly config: Config;
  readonly stores: Stores;
  readonly agents: OnCall;
  readonly models: ChatModels;
  readonly surfaces: Surfaces;
  readonly telemetry: Crew["telemetry"];
  readonly outlet: (address: Address) => Outlet | undefined;
  /** Beside those that Nova brings along; of the same verb in their place. */
  readonly performers: readonly Performer[];
  readonly sweepEveryMs: number | undefined;
  /** True for the service: schedules are its business, not that of a single verb. */
  readonly keepsTime: boolean;
  readonly clock: Clock;
  readonly log: Log;
};

/** Nothing works before `worker.start` and `postRound.start`. */
export function openWorkshop(parts: WorkshopParts) {
  const { config, stores, agents, models, surfaces, telemetry, clock, log } = parts;
  const prices = createPrices(config.models.prices, config.models.baseUrl);
  const purse: Purse = { spending: stores.spending, costOf: (model, tokens) => prices.costOf(model, tokens) };
  const mayAsk = config.models.routes && models.kind !== "offline";
  const judge = mayAsk ? createRouteJudge({ models, purse, clock, log }) : undefined;
  const router = openRouter(agents, { labels: stores.labels, judge, log });
  const announcements = createAnnouncements(stores.announced, surfaces);
  const progress = createProgressBus((error) => log.error("progress.listener_failed", error));
  const policy = createPolicy();
  const egress = createEgress({ allowed: config.egressAllow });
  const { performers } = parts;
  const effects = new Map(agents.effects.map((effect) => [effect.verb, effect]));
  const standing = createStanding({ ...stores, effects, roster: agents.roster, policy });
  const performing = { stores, announcements, policy, standing, telemetry, egress, performers, clock, log };
  const { executor, postRound } = openPerforming(performing);
  const worker = createWorker(
    {
      ...stores,
      router,
      roster: agents.roster,
      tools: new Map(agents.tools.map((tool) => [tool.name, tool])),
      effects,
      policy,
      approvers: config.approvers,
      proposals: toldProposals(stores.proposals, telemetry),
      executor,
      destinationsOf: createDestinations(stores),
      zoneOf: async (person) => (await stores.schedules.rhythm(person)).zone,
      steps: createStepRunner({ models, code: (agent) => agents.roster.code(agent), clock, log, purse }),
      surfaces,
      announcements,
      outlet: parts.outlet,
      progress,
      telemetry,
      clock,
      log,
    },
    { sweepEveryMs: parts.sweepEveryMs, keepsTime: parts.keepsTime },
  );
  return { worker, postRound, egress, router, progress };
}

/** Of those whom NOVA_APPROVERS names, whoever decides on nothing: nobody has that name, or it is a guest's. */
export function warnOfApprovers(names: readonly string[], people: readonly Person[], log: Log): void {
  for (const name of names) {
    const known = people.find((person) => person.name.toLowerCase() === name.toLowerCase());
    if (!known) log.warn("approvers.unknown", { name, remedy: "nova people add, or correct NOVA_APPROVERS" });
    else if (known.role === "guest") log.warn("approvers.guest", { name, remedy: "nova people role" });
  }
}
