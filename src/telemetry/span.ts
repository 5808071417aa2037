/** A span before it is sent: plain data, so that what is sent can be read without OpenTelemetry. */

export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

export type Moment = { readonly name: string; readonly at: Date; readonly attributes: Attributes };

export type Span = {
  /** 32 hexadecimal digits. */
  readonly trace: string;
  /** 16 hexadecimal digits. */
  readonly id: string;
  /** The span around it; null for a turn's own. */
  readonly parent: string | null;
  readonly name: string;
  readonly kind: "internal" | "client" | "consumer" | "producer";
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly attributes: Attributes;
  readonly moments: readonly Moment[];
  /** A code; null when all went well. */
  readonly error: string | null;
};

/** Where finished spans go. Never throws and never waits. */
export interface SpanSink {
  put(span: Span): void;
}
