/** Which network addresses may be reached from here: the public ones, and those that the operator lets in. Pure. Used by egress.ts. */
import ipaddr from "ipaddr.js";

/** What the operator lets in beyond the public network: an address, a range or a host's name, each with a port or with all. */
export type Allowed = {
  /** Either of both. */
  readonly range: readonly [ipaddr.IPv4 | ipaddr.IPv6, number] | null;
  readonly host: string | null;
  readonly port: number | null;
};

/** Ports of the web. Any other one is the door of something else, unless the operator lets it in. */
const PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);

/** Public by its number, and yet no public service: what a cloud tells its machines. */
const METADATA: ReadonlySet<string> = new Set(["168.63.129.16"]);

const GIVEN_OUT = ipaddr.IPv6.parseCIDR("2000::/3");

/** Reads `10.0.0.0/8`, `192.168.1.20:9000`, `[fd00::5]:8080`, `ci.internal`; undefined for anything else. */
export function readAllowed(text: string): Allowed | undefined {
  const parts = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^[\]:\s]+|[\da-f:.]+\/\d+))(?::(?<port>\d{1,5}))?$/i.exec(text.trim());
  const name = parts?.groups?.["six"] ?? parts?.groups?.["host"];
  if (name === undefined) return undefined;
  const port = parts?.groups?.["port"] === undefined ? null : Number(parts.groups["port"]);
  if (port !== null && (port < 1 || port > 65_535)) return undefined;
  if (ipaddr.isValidCIDR(name)) return { range: ipaddr.parseCIDR(name), host: null, port };
  if (isNumber(name)) {
    const address = ipaddr.process(name);
    return { range: [address, address.kind() === "ipv4" ? 32 : 128], host: null, port };
  }
  return /^(?=.{1,253}$)[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(name) && !/^[\d.]+$/.test(name)
    ? { range: null, host: name.toLowerCase(), port }
    : undefined;
}

/** Four numbers in full: shorter and other notations are no address to the operator, whatever a machine reads in them. */
const isNumber = (name: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(name) || ipaddr.IPv6.isValid(name);

/** Whether this address may be connected to, at this port, when it stands behind this name. */
export function mayReach(
  address: string,
  { host, port, allowed }: { readonly host: string; readonly port: number; readonly allowed: readonly Allowed[] },
): boolean {
  const number = inFull(address);
  if (number === undefined || !ipaddr.isValid(number)) return false;
  // One in the clothes of the other is the other.
  const read = ipaddr.process(number);
  if (allowed.some((each) => lets(each, read, { host, port }))) return true;
  return PORTS.has(port) && isPublic(read) && !METADATA.has(read.toString());
}

/** A number with another one's dots at its end, `::8.8.8.8`, stands for itself: written out, nobody takes it for the other. */
const inFull = (address: string): string | undefined =>
  address.includes(":") ? URL.parse(`http://[${address.replace(/%.*$/s, "")}]`)?.hostname.slice(1, -1) : address;

/** Of the newer kind only what is given out to the public network at all: elsewhere an older one may be hidden in it. */
const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  address.range() === "unicast" && (address instanceof ipaddr.IPv4 || address.match(GIVEN_OUT));

/** Whether anything behind this name could be let through at this port. */
export const mayAsk = (host: string, port: number, allowed: readonly Allowed[]): boolean =>
  PORTS.has(port) ||
  allowed.some((each) => (each.port === null || each.port === port) && (each.range !== null || each.host === host));

function lets(
  allowed: Allowed,
  address: ipaddr.IPv4 | ipaddr.IPv6,
  { host, port }: { readonly host: string; readonly port: number },
): boolean {
  if (allowed.port !== null && allowed.port !== port) return false;
  if (allowed.host !== null) return allowed.host === host;
  if (allowed.range === null) return false;
  const [range, bits] = allowed.range;
  if (range instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && address.match(range, bits);
  return address instanceof ipaddr.IPv6 && address.match(range, bits);
}
