/** Who calls a model, as far as a call needs to know: an agent's run, or the router with its question. Read by ask.ts and its parts. */
import type { CallFor } from "./ledger.ts";
import type { Run } from "../agent/run.ts";

export type Calling = Pick<
  Run,
  | "clock"
  | "log"
  | "pace"
  | "ledger"
  | "signal"
  | "witness"
  | "spent"
  | "speaker"
  | "brief"
  | "left"
  | "stop"
  | "show"
  | "shown"
> & { readonly step: CallFor };
