/** Every way in which a model can fail before it has answered, as one table of rules. Read by ask.ts and circuit.ts. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Rule = {
  /** How often the same model is asked once more, as long as the person has seen nothing. */
  readonly retries: number;
  /**
   * `counts`: several within a minute open the circuit. `lives`: the server answers, so that a trial has succeeded.
   * `unclear`: it shows nothing of the model. A number opens the circuit at once, for so many milliseconds.
   */
  readonly circuit: "counts" | "lives" | "unclear" | number;
  /**
   * Whether the provider may have read what was sent, and will ask for money: after everything but a refusal of its own,
   * an address that was not reached, and a page of somebody else. Each such try is paid from a reservation of its own.
   */
  readonly costs: boolean;
  /** True when the other models behind the same address and key must fail alike: they are not asked. */
  readonly everywhere: boolean;
  /** What the operator can do about it, for the log; null when it passes by itself. */
  readonly remedy: string | null;
  /** What the person reads after the model's name, or the names of several: "is|are" is one word for one, another for more. */
  readonly says: string;
};

const RULE = { retries: 0, circuit: "lives", costs: false, everywhere: false, remedy: null } as const;
/** It may be better in a moment. */
const PASSING = { ...RULE, retries: 2, circuit: "counts" } as const;

export type FailureKind =
  | "rate_limited"
  | "quota"
  | "key_refused"
  | "not_allowed"
  | "model_unknown"
  | "too_long"
  | "rejected"
  | "server_error"
  | "unreachable"
  | "reset"
  | "tls"
  | "timeout"
  | "stalled"
  | "hurried"
  | "web_page"
  | "malformed"
  | "empty_stream"
  | "cut"
  | "invalid_reply"
  | "unexpected";

/** Two lines each: the rule, and the words. */
// oxfmt-ignore
export const FAILURES: Readonly<Record<FailureKind, Rule>> = {
  // What the provider says itself.
  rate_limited:  { ...PASSING,
    says: "is|are asking for a pause (429)" },
  quota:         { ...RULE, circuit: 10 * MINUTE, // only a person can pay, and that takes some minutes
    remedy: "Look at the billing of the model's provider: the account has no credit left.",
    says: "has|have used up its|their account's credit (429)" },
  key_refused:   { ...RULE, circuit: 5 * MINUTE, everywhere: true, // a new key comes with a restart; a provider's slip passes
    remedy: "Check OPENAI_API_KEY: the provider does not accept it.",
    says: "does|do not accept Nova's key (401)" },
  not_allowed:   { ...RULE,
    remedy: "The key in OPENAI_API_KEY may not use this model: allow it at the provider, or set another NOVA_MODEL.",
    says: "is|are not open to Nova's key (403)" },
  model_unknown: { ...RULE,
    remedy: "Check NOVA_MODEL, NOVA_MODEL_FAST and NOVA_MODEL_DEEP, and that OPENAI_BASE_URL ends in /v1: the provider knows no such model.",
    says: "is|are not known to the provider (404)" },
  too_long:      { ...RULE,
    says: "cannot read a text as long as this" },
  rejected:      { ...RULE,
    remedy: "The provider does not take Nova's requests to this model: set a NOVA_MODEL that knows chat and tools.",
    says: "did not accept the question (400)" },
  server_error:  { ...PASSING, costs: true, // it may have come after the work
    says: "has|have trouble with its|their server" },

  // What the network does.
  unreachable:   { ...PASSING, everywhere: true,
    remedy: "Check OPENAI_BASE_URL, and that the server behind it runs.",
    says: "cannot be reached" },
  reset:         { ...PASSING, costs: true,
    says: "broke the connection off" },
  tls:           { ...RULE, circuit: "counts", everywhere: true,
    remedy: "The certificate of OPENAI_BASE_URL is not trusted: renew it, or name its authority in NODE_EXTRA_CA_CERTS.",
    says: "cannot be reached over a connection that is safe" },
  timeout:       { ...RULE, circuit: "counts", costs: true,
    says: "did not answer in time" },
  stalled:       { ...RULE, circuit: "counts", costs: true, // the wait was long already: a second one would use up the deadline
    says: "sent nothing for too long" },
  hurried:       { ...RULE, circuit: "unclear", costs: true, // late in a run a healthy model gets less time than it needs
    says: "had too little time left to answer" },

  // What comes in the place of an answer.
  web_page:      { ...PASSING, everywhere: true,
    remedy: "OPENAI_BASE_URL answers with a web page: check the address, and whether a proxy stands before it.",
    says: "answered with a web page" },
  malformed:     { ...PASSING, costs: true,
    says: "sent something that cannot be read" },
  empty_stream:  { ...PASSING, costs: true,
    says: "sent an empty answer" },
  cut:           { ...PASSING, retries: 1, costs: true,
    says: "broke off in its|their answer" },
  invalid_reply: { ...RULE, costs: true,
    says: "gave no usable answer, twice" },
  unexpected:    { ...RULE, circuit: "counts", costs: true,
    says: "could not be asked" },
};

/** A model did not answer. Holds nothing of what the provider wrote. */
export class ModelFailure extends Error {
  override readonly name = "ModelFailure";
  readonly kind: FailureKind;
  /** Status and class of the error, for instance `429 RateLimitError`. */
  readonly code: string;
  /** The pause that the provider asks for, in milliseconds. */
  readonly pauseMs: number | undefined;

  constructor(kind: FailureKind, options: { code?: string; pauseMs?: number | undefined; cause?: unknown } = {}) {
    super(kind, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.code = options.code ?? kind;
    this.pauseMs = options.pauseMs;
  }
}
