/** What is answered over HTTP as JSON, refusals in one form. Used by the server and by routes of channels. */

export type HttpRefusal = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** What the reader can do about it; nothing when left out. */
  readonly advice?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export function answerRefusal({ status, code, message, advice = "", headers = {} }: HttpRefusal): Response {
  return answerJson({ error: { code, message, advice } }, status, headers);
}

/** Kept by no cache on the way. */
export function answerJson(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(value, { status, headers: { ...headers, "cache-control": "no-store" } });
}
