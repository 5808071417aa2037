/** Whether a post is signed by whoever holds the endpoint's secret, and what the signature then vouches for. */
export type Verdict =
  | {
      readonly kind: "verified";
      /** The sender's id of the delivery. */
      readonly id: string;
      /** GitHub's name of the event; null elsewhere. */
      readonly event: string | null;
      readonly text: string;
    }
  | { readonly kind: "unverified"; readonly why: string; readonly advice: string };

const SIGN = "Sign the body exactly as it is sent, with the secret that `nova hooks` printed.";

export const unverified = (why: string, advice = SIGN): Verdict => ({ kind: "unverified", why, advice });
