/** A provider's failure as a short code for trace and log: status and class name, never its text. */

/** For instance `429 RateLimitError` or `TypeError`. */
export function failureCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const status = "status" in error && typeof error.status === "number" ? `${error.status} ` : "";
  return `${status}${error.constructor.name}`;
}
