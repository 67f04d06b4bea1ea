/** An IP address as a number of 32 or 128 bits. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Reads an address in its one plain form: four decimal numbers without leading zeros, or RFC 4291 groups. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(":")) return fourNumbers(text);
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const [first, last] = [groupsOf(head), groupsOf(tail ?? "")];
  if (first === undefined || last === undefined) return undefined;
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...first, ...Array<bigint>(missing).fill(0n), ...last];
  return unmapped(groups.reduce((value, group) => (value << 16n) | group, 0n));
}

/** Whether an address lies in one of the networks, each written `address/length`; a text that is none holds nothing. */
export function isAddressIn(address: Address, networks: readonly string[]): boolean {
  return networks.some((network) => {
    const [, text = "", length = ""] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(network) ?? [];
    const base = parseAddress(text);
    if (base === undefined || base.bits !== address.bits || Number(length) > base.bits) return false;
    const shift = BigInt(base.bits - Number(length));
    return base.value >> shift === address.value >> shift;
  });
}

/** True for what some readers take for an address and others for a name: `2130706433`, `0x7f.1`, `010.0.0.1`. */
export function isAmbiguousAddress(host: string): boolean {
  const last = host.replace(/\.$/, "").split(".").at(-1) ?? "";
  return /^(?:\d+|0x[0-9a-f]*)$/i.test(last) && fourNumbers(host) === undefined;
}

function fourNumbers(text: string): Address | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return { bits: 32, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
}

function groupsOf(text: string): readonly bigint[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  return parts.length <= 8 && parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => BigInt(`0x${part}`))
    : undefined;
}

/** `::ffff:a.b.c.d` reaches the IPv4 address, and is held to be it. */
function unmapped(value: bigint): Address {
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}
