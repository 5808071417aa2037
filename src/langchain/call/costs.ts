/** What one run's calls of models cost: reserved before, counted per try, ended once. Opened for an agent's run and for the router's question. */
import type { AgentStep, CallId, Cap, Clock, Log, ModelCall, Spending, Tokens, TraceEvent } from "#core";

/** Whom calls are paid by and noted for: an agent's step, or the router. */
export type CallFor = {
  readonly agent: Pick<AgentStep["agent"], "id" | "idleMs"> & {
    readonly budget: Pick<AgentStep["agent"]["budget"], "daily">;
  };
  readonly left: Pick<AgentStep["left"], "tokens">;
  readonly ask: Pick<AgentStep["ask"], "turn" | "person">;
  readonly where: AgentStep["where"];
};

/** What is paid with: the spending of the installation, and what a model's tokens cost. */
export type Purse = {
  readonly spending: Spending;
  /** Whole millionths of a US dollar; null when nobody told what the model costs. */
  readonly costOf: (model: string, tokens: Tokens) => number | null;
};

/** How a try ended, for the trace. */
type End = { readonly outcome: "text" | "tools" | "failed"; readonly error?: string };

/** What is told of each try, once. */
export type Tried = Extract<TraceEvent, { kind: "model_called" }> & { readonly micros: number | null };

/** One call, which may take several tries. */
export interface PaidCall {
  /** A try begins: so many tokens are sent. */
  asked(input: number): void;
  /** So many characters came back. */
  heard(characters: number): void;
  heardAny(): boolean;
  /**
   * A try ended: with what the provider says that it used, or by Nova's own count, or with nothing used, which only counts
   * when nothing was heard. It is told at once; a try that the run's end has ended already is not told again.
   */
  tried(used: Tokens | "estimate" | "nothing", end: End): void;
  /** The call has ended; a second time changes nothing. */
  end(outcome: ModelCall["outcome"]): void;
}

/** Whose cap of the day a call would pass. */
export type Refusal = { readonly refused: "everybody" | "agent" };

export interface Costs {
  /**
   * A refusal: a cap of the day would be passed. What is no less than something refused before is refused without a question:
   * what a run has reserved is settled only after its end. Throws DatabaseAway.
   */
  reserve(model: string, most: Tokens): Promise<PaidCall | Refusal>;
  /** Ends what is still open, and nothing can be opened any more. */
  close(): readonly ModelCall[];
  /** Settles all calls by themselves, when no turn will. Never throws. */
  settleAlone(): Promise<void>;
}

const NOTHING: Tokens = { input: 0, output: 0 };

export type CostsParts = {
  readonly purse: Purse | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly tell: (tried: Tried) => void;
};

export function createCosts(step: CallFor, { purse, clock, log, tell }: CostsParts): Costs {
  const open = new Set<PaidCall>();
  const calls: ModelCall[] = [];
  let closed = false;
  let refused: (Refusal & { readonly cap: Cap; readonly amount: number }) | undefined;

  const priceOf = (model: string, tokens: Tokens): number | null => purse?.costOf(model, tokens) ?? null;

  function begin(model: string, call: CallId | undefined): PaidCall {
    let sum = NOTHING;
    let current: { readonly input: number; readonly startedAt: number; characters: number } | undefined;
    let counted: ModelCall["counted"] = "reported";
    const paid: PaidCall = {
      asked: (input) => void (current = { input, startedAt: clock.now().getTime(), characters: 0 }),
      heard: (characters) => void (current && (current.characters += characters)),
      heardAny: () => (current?.characters ?? 0) > 0,
      tried(used, end) {
        if (!current) return;
        let tokens = NOTHING;
        if (typeof used !== "string") tokens = used;
        else if (used === "estimate" || current.characters > 0) {
          tokens = { input: current.input, output: Math.ceil(current.characters / 4) };
          counted = "estimated";
        }
        const ms = clock.now().getTime() - current.startedAt;
        current = undefined;
        sum = plus(sum, tokens);
        const { input, output } = tokens;
        const micros = priceOf(model, tokens);
        tell({ kind: "model_called", model, tokens: input + output, input, output, micros, ms, ...end });
      },
      end(outcome) {
        if (!open.delete(paid)) return;
        paid.tried("estimate", { outcome: "failed", error: "ended" });
        if (call === undefined) return;
        calls.push({ call, agent: step.agent.id, model, tokens: sum, micros: priceOf(model, sum), counted, outcome });
      },
    };
    open.add(paid);
    return paid;
  }

  async function settle(ended: readonly ModelCall[]): Promise<void> {
    try {
      await purse?.spending.settle(step.ask.person, ended);
    } catch (error) {
      // What stays reserved counts as spent, and the cleaning settles it so for good: too much rather than too little.
      log.error("spending.unsettled", error, { turn: step.ask.turn, calls: ended.length });
    }
  }

  return {
    async reserve(model, most) {
      if (!purse) return begin(model, undefined);
      const { agent, ask, where } = step;
      const micros = priceOf(model, most);
      if (refused && amountOf(refused.cap, most, micros) >= refused.amount) return { refused: refused.refused };
      const asked = {
        turn: ask.turn,
        person: ask.person,
        where,
        agent: agent.id,
        model,
        most,
        ownCap: agent.budget.daily ?? null,
      };
      const reserved = await purse.spending.reserve({ ...asked, micros });
      if (reserved.kind === "refused") {
        const { cap, whose } = reserved;
        refused = { refused: whose, cap, amount: amountOf(cap, most, micros) };
        return { refused: whose };
      }
      const paid = begin(model, reserved.call);
      if (closed) {
        // The run ended while the database was asked: nobody else knows of this call.
        paid.end("failed");
        await settle(calls.slice(-1));
      }
      return paid;
    },
    close() {
      closed = true;
      for (const paid of open) paid.end("failed");
      return [...calls];
    },
    settleAlone: () => settle(calls),
  };
}

/** In the unit of the cap: under one in money, no sum covers a call of unknown price. */
function amountOf({ kind }: Cap, { input, output }: Tokens, micros: number | null): number {
  return kind === "money" ? (micros ?? Infinity) : input + output;
}

function plus(a: Tokens, b: Tokens): Tokens {
  return { input: a.input + b.input, output: a.output + b.output };
}
