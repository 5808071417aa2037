/** Decisions for whoever sits at no card. Handed to the operator's verbs by the worker. */
import type { Decisions } from "#core";
import { cardOf } from "./cards.ts";
import { changeProposal, type ChangeCrew } from "./change-proposal.ts";
import { createApprovals, mayDecide } from "./decide.ts";
import { showProposals } from "./show.ts";

export const createDecisions = (crew: ChangeCrew): Decisions => ({
  ...createApprovals(crew),
  cardOf: ({ effect }) => cardOf(effect, crew.effects.get(effect.verb)),
  show: (proposal, reader) => showProposals([proposal], crew, reader),
  mayDecide: (proposal, person, via) => mayDecide(proposal, { person, via }, crew),
  change: ({ proposal, digest, by: person, via }, fields) =>
    changeProposal({ kind: "edit", proposal, digest }, { by: { person, via }, fields }, crew),
});
