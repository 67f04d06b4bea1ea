import { isAddressIn, isAmbiguousAddress, parseAddress } from "./addresses.ts";
import { isHostInScope, type ScopeDomains } from "./domains.ts";

/** Where commands may reach. What is not listed is out. */
export interface TargetScope {
  readonly domains: ScopeDomains;
  /** `address/length`; an address that no network holds is out, whatever the domains say. */
  readonly networks: readonly string[];
  readonly ports: readonly number[];
}

/** Whether a host is in scope: a name by the domains, an address by the networks. An exclusion wins over both. */
export function isInTargetScope(host: string, { domains, networks }: Omit<TargetScope, "ports">): boolean {
  const address = parseAddress(host);
  if (address === undefined) return isHostInScope(host, domains);
  return !domains.exclude_exact.includes(host) && isAddressIn(address, networks);
}

/**
 * Why a place is out of scope, or null. A place is a URL or a host, with or without a port (§27 no. 14): addresses are
 * read as addresses, and one that readers write in several ways is refused.
 */
export function placeFault(place: string, scope: TargetScope): string | null {
  const found = PLACE.exec(place)?.groups;
  if (found === undefined) return "unreadable_target";
  const { scheme, user, literal, name = "", port } = found;
  if (user !== undefined) return "credentials_in_target";
  const host = (literal ?? name).toLowerCase();
  if (literal === undefined && isAmbiguousAddress(host)) return `ambiguous_address:${host}`;
  if (literal !== undefined && parseAddress(host) === undefined) return "unreadable_target";
  if (!isInTargetScope(host, scope)) return `out_of_scope_target:${host}`;
  const wanted = port === undefined ? DEFAULT_PORTS[scheme?.toLowerCase() ?? ""] : Number(port);
  return wanted === undefined || scope.ports.includes(wanted) ? null : `out_of_scope_port:${String(wanted)}`;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };
const PLACE =
  /^(?:(?<scheme>https?):\/\/)?(?:(?<user>[^/?#\\@]*)@)?(?:\[(?<literal>[0-9a-f:.]{2,45})\]|(?<name>[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?))(?::(?<port>\d{1,5}))?(?:[/?#][^\\\s]*)?$/i;
