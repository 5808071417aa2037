/** A signal that follows another after a while: for what should end by itself rather than be cut off. Used by delivery.ts. */
export type Patience = { readonly signal: AbortSignal; release(): void };

export function createPatience(outer: AbortSignal, graceMs: number): Patience {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer = setTimeout(() => controller.abort(outer.reason), graceMs);
  };
  if (outer.aborted) begin();
  else outer.addEventListener("abort", begin, { once: true });
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      outer.removeEventListener("abort", begin);
    },
  };
}
