/** What one run's calls of models cost: reserved before, counted per try, ended once. Opened by run.ts. */
import type { AgentStep, CallId, Log, ModelCall, Spending, Tokens } from "#core";

/** What is paid with: the spending of the installation, and what a model's tokens cost. */
export type Purse = {
  readonly spending: Spending;
  /** Whole millionths of a US dollar; null when nobody told what the model costs. */
  readonly costOf: (model: string, tokens: Tokens) => number | null;
};

/** One call, which may take several tries. */
export interface Entry {
  /** A try begins: so many tokens are sent. */
  asked(input: number): void;
  /** So many characters came back. */
  heard(characters: number): void;
  heardAny(): boolean;
  /**
   * A try ended: with what the provider says that it used, or by Nova's own count, or with nothing used, which only counts
   * when nothing was heard. Returns what is counted.
   */
  tried(used: Tokens | "estimate" | "nothing"): Tokens;
  /** The call has ended; a second time changes nothing. */
  end(outcome: ModelCall["outcome"]): void;
}

export interface Ledger {
  /** "refused": the day's cap would be passed. Throws DatabaseAway. */
  reserve(model: string, most: Tokens): Promise<Entry | "refused">;
  /** Millionths of a US dollar. */
  costOf(model: string, tokens: Tokens): number | null;
  /** Ends what is still open, and nothing can be opened any more. */
  close(): readonly ModelCall[];
  /** Settles all calls by themselves, when no turn will. Never throws. */
  settleAlone(): Promise<void>;
}

const NOTHING: Tokens = { input: 0, output: 0 };

export function createLedger(step: AgentStep, purse: Purse | undefined, log: Log): Ledger {
  const open = new Set<Entry>();
  const calls: ModelCall[] = [];
  let closed = false;

  const priceOf = (model: string, tokens: Tokens): number | null => purse?.costOf(model, tokens) ?? null;

  function begin(model: string, call: CallId | undefined): Entry {
    let sum = NOTHING;
    let current: { readonly input: number; characters: number } | undefined;
    let counted: ModelCall["counted"] = "reported";
    const entry: Entry = {
      asked: (input) => void (current = { input, characters: 0 }),
      heard: (characters) => void (current && (current.characters += characters)),
      heardAny: () => (current?.characters ?? 0) > 0,
      tried(used) {
        let tokens = NOTHING;
        if (typeof used !== "string") tokens = used;
        else if (current && (used === "estimate" || current.characters > 0)) {
          tokens = { input: current.input, output: Math.ceil(current.characters / 4) };
          counted = "estimated";
        }
        current = undefined;
        sum = plus(sum, tokens);
        return tokens;
      },
      end(outcome) {
        if (!open.delete(entry)) return;
        if (current) entry.tried("estimate");
        if (call === undefined) return;
        calls.push({ call, agent: step.agent.id, model, tokens: sum, micros: priceOf(model, sum), counted, outcome });
      },
    };
    open.add(entry);
    return entry;
  }

  async function settle(ended: readonly ModelCall[]): Promise<void> {
    try {
      await purse?.spending.settle(step.ask.person, ended);
    } catch (error) {
      // What stays reserved counts as spent until the day ends: too much rather than too little.
      log.error("spending.unsettled", error, { turn: step.ask.turn, calls: ended.length });
    }
  }

  return {
    async reserve(model, most) {
      if (!purse) return begin(model, undefined);
      const { agent, ask, where } = step;
      const asked = { turn: ask.turn, person: ask.person, where, agent: agent.id, model, most };
      const reserved = await purse.spending.reserve({ ...asked, micros: priceOf(model, most) });
      if (reserved.kind === "refused") return "refused";
      const entry = begin(model, reserved.call);
      if (closed) {
        // The run ended while the database was asked: nobody else knows of this call.
        entry.end("failed");
        await settle(calls.slice(-1));
      }
      return entry;
    },
    costOf: priceOf,
    close() {
      closed = true;
      for (const entry of open) entry.end("failed");
      return [...calls];
    },
    settleAlone: () => settle(calls),
  };
}

function plus(a: Tokens, b: Tokens): Tokens {
  return { input: a.input + b.input, output: a.output + b.output };
}
