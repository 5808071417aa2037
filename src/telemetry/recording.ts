/** Proposals and the ledger as they are, told to telemetry: decisions and ends come when their turn is over. */
import type { Ledger, Proposals, Telemetry } from "#core";

type Teller = Pick<Telemetry, "recorded">;

/** What people decide; what the trust rule decides is weighed in the turn, and time decides nothing. */
export const toldProposals = (proposals: Proposals, telemetry: Teller): Proposals => ({
  ...proposals,
  async decide(decision) {
    const decided = await proposals.decide(decision);
    const verdict = decision.verdict === "approve" ? "approved" : "denied";
    if (decided.kind === "decided") telemetry.recorded({ kind: "decided", verdict, via: decision.via });
    return decided;
  },
});

export const toldLedger = (ledger: Ledger, telemetry: Teller): Ledger => ({
  ...ledger,
  async record(claim, end) {
    const recorded = await ledger.record(claim, end);
    const { verb } = claim.effect;
    if (recorded === "recorded" && end.state !== "waiting")
      telemetry.recorded({ kind: "effect", verb, state: end.state });
    return recorded;
  },
});
