/** Which names Nova answers to. A page on a foreign name that resolves to this machine (DNS rebinding) is refused. */
import { isIP } from "node:net";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const WILDCARD = new Set(["0.0.0.0", "::", "[::]"]);

/**
 * Says whether a Host header is one of ours: loopback, the host listened on, or the host of the public URL. Ports are
 * not compared, because proxies and containers change them. Listening on all addresses admits bare addresses too: a
 * rebound name is always a name.
 */
export function createHostCheck(listening: string, publicUrl: string | undefined): (header: string | null) => boolean {
  const ours = new Set(LOOPBACK);
  if (!WILDCARD.has(listening)) ours.add(hostname(isIP(listening) === 6 ? `[${listening}]` : listening) ?? listening);
  const reached = publicUrl === undefined ? undefined : hostname(new URL(publicUrl).host);
  if (reached !== undefined) ours.add(reached);

  return (header) => {
    const name = header === null ? undefined : hostname(header);
    if (name === undefined) return false;
    return ours.has(name) || (WILDCARD.has(listening) && isIP(name.replace(/^\[|\]$/g, "")) !== 0);
  };
}

/** The name in a Host header, in lower case, without port and trailing dot; undefined when it is not one. */
function hostname(header: string): string | undefined {
  if (!/^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(header)) return undefined;
  return URL.canParse(`http://${header}/`) ? new URL(`http://${header}/`).hostname.replace(/\.$/, "") : undefined;
}
