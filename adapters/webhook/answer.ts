/** Every answer of the two addresses as JSON, refusals in the same form as the server's own. */
export type Refusal = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly advice?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export function refuse({ status, code, message, advice = "", headers = {} }: Refusal): Response {
  return json({ error: { code, message, advice } }, status, headers);
}

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(value, { status, headers: { ...headers, "cache-control": "no-store" } });
}
