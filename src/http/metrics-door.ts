/** Who may read `GET /metrics`: the public port is open to whoever reaches it, and the numbers tell how Nova is used. */
import { createHash, timingSafeEqual } from "node:crypto";
import { BlockList, isIP } from "node:net";
import type { Problem } from "./problem.ts";

export type MetricsSource = {
  /** Whoever bears it may read, and nobody else; null: whoever is near. */
  readonly token: string | null;
  readonly text: () => Promise<{ readonly type: string; readonly body: string }>;
};

/** Says why somebody may not read, or nothing. */
export type MetricsDoor = (peer: string, headers: Headers) => Problem | undefined;

/** Behind a proxy everybody comes from near by, so a `publicUrl` that names another place leaves only the token. */
export function createMetricsDoor(token: string | null, publicUrl: string | undefined): MetricsDoor {
  if (token !== null) {
    const expected = digest(`Bearer ${token}`);
    return (_peer, headers) => {
      const given = headers.get("authorization");
      return given !== null && timingSafeEqual(digest(given), expected) ? undefined : WANTED;
    };
  }
  const near = nearAddresses();
  const behindProxy = publicUrl !== undefined && !LOOPBACK_NAMES.has(new URL(publicUrl).hostname);
  return (peer, headers) => {
    const isForwarded = FORWARDED.some((name) => headers.has(name));
    return !behindProxy && !isForwarded && isNear(peer, near) ? undefined : FAR;
  };
}

/** Digests are compared, so that neither content nor length of the token shows in the time taken. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"] as const;

function isNear(peer: string, near: BlockList): boolean {
  // A link-local address names its interface behind it.
  const [address = ""] = peer.split("%");
  const family = isIP(address);
  return family !== 0 && near.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** Loopback and the networks that no router passes on. An IPv4 address within an IPv6 one counts as itself. */
function nearAddresses(): BlockList {
  const near = new BlockList();
  near.addSubnet("127.0.0.0", 8, "ipv4");
  near.addSubnet("10.0.0.0", 8, "ipv4");
  near.addSubnet("172.16.0.0", 12, "ipv4");
  near.addSubnet("192.168.0.0", 16, "ipv4");
  near.addSubnet("169.254.0.0", 16, "ipv4");
  near.addAddress("::1", "ipv6");
  near.addSubnet("fc00::", 7, "ipv6");
  near.addSubnet("fe80::", 10, "ipv6");
  return near;
}

const FAR: Problem = {
  status: 403,
  code: "forbidden",
  message: "The metrics are for this machine and its private network.",
  advice: "Set NOVA_METRICS_TOKEN and send it as a bearer token.",
};

const WANTED: Problem = {
  status: 401,
  code: "forbidden",
  message: "The metrics need the token that NOVA_METRICS_TOKEN holds.",
  advice: "Send it as a bearer token.",
};
