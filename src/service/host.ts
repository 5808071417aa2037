/** What channels are offered, over the worker and the stores. Made by main.ts. */
import { mayMeet, type AdapterHost, type Clock, type FullRoster, type Log } from "#core";
import type { Worker } from "../turn/worker.ts";
import { createSeal } from "./seal.ts";
import type { Stores } from "./stores.ts";

export type HostParts = {
  readonly worker: Worker;
  readonly stores: Pick<Stores, "people" | "endpoints" | "transcript" | "proposals">;
  readonly roster: FullRoster;
  readonly progress: AdapterHost["progress"];
  /** Called before anything that has to be worked on; throws when nothing is taken any more. */
  readonly open: () => Promise<void>;
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly log: Log;
};

export function createHost({ worker, stores, roster, open, ...rest }: HostParts): AdapterHost {
  return {
    accept: async (inbound) => {
      await open();
      return worker.accept(inbound);
    },
    revise: (revision) => worker.revise(revision),
    press: async (press) => {
      await open();
      return worker.press(press);
    },
    stop: (turn) => worker.stopTurn(turn),
    drafts: worker.drafts,
    seal: (secret) => createSeal(secret, "channel"),
    agents: (role) =>
      roster
        .all()
        .filter((agent) => mayMeet(role, agent))
        .map(({ id, name, purpose }) => ({ id, name, purpose })),
    contract: (agent, side) => roster.contract(agent, side),
    people: stores.people,
    endpoints: stores.endpoints,
    transcript: stores.transcript,
    proposals: async (reply, viewer) =>
      (await stores.proposals.shownIn(reply, viewer)).map((proposal) => ({
        id: proposal.id,
        state: proposal.state,
        expiresAt: proposal.expiresAt,
        fate: proposal.fate,
        isTold: proposal.isTold,
        title: worker.decisions.cardOf(proposal).title,
      })),
    agentName: (id) => roster.get(id)?.name ?? id,
    ...rest,
  };
}
