import { FAULT, type Fault } from "./value.ts";

type Words = readonly [number, number, number, number];
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const PREFIX = /^(?:0|[1-9][0-9]{0,2})$/;
const DOT = 46;
const ZERO = 48;
/** The longest address is 39 characters, with prefix 43. */
const TEXT_MAX = 43;

/** An IP address or range as written: host bits count in equality. IPv4 uses the last word alone. */
export class IpAddress {
  readonly kind = "ipaddr";
  readonly v6: boolean;
  readonly words: Words;
  readonly prefix: number;

  constructor(v6: boolean, words: Words, prefix: number) {
    this.v6 = v6;
    this.words = words;
    this.prefix = prefix;
  }

  equals(other: IpAddress): boolean {
    return this.v6 === other.v6 && this.prefix === other.prefix && sameWords(this.words, other.words);
  }

  /** Whether every address of this range lies in the other; never across families. */
  isInRange(other: IpAddress): boolean {
    if (this.v6 !== other.v6 || this.prefix < other.prefix) return false;
    const width = this.v6 ? other.prefix : other.prefix + 96;
    return this.words.every((word, index) => ((word ^ other.words[index]!) & maskOf(width, index)) === 0);
  }

  get isLoopback(): boolean {
    if (!this.v6) return this.prefix >= 8 && this.words[3] >>> 24 === 127;
    return this.prefix === 128 && sameWords(this.words, [0, 0, 0, 1]);
  }

  get isMulticast(): boolean {
    if (!this.v6) return this.prefix >= 4 && this.words[3] >>> 28 === 0xe;
    return this.prefix >= 8 && this.words[0] >>> 24 === 0xff;
  }

  canonical(): string {
    return `${this.v6 ? 6 : 4}.${this.words.join(".")}/${this.prefix}`;
  }
}

/** Exactly the texts of Cedar's `ip`: no leading zeros in IPv4, no IPv4 inside IPv6, no zone. */
export function parseIp(text: string): IpAddress | Fault {
  if (text.length > TEXT_MAX) return FAULT;
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const v6 = address.includes(":");
  const words = v6 ? parseV6(address) : parseV4(address);
  const bits = v6 ? 128 : 32;
  const prefix = slash < 0 ? bits : parsePrefix(text.slice(slash + 1), bits);
  return words === undefined || prefix === undefined ? FAULT : new IpAddress(v6, words, prefix);
}

/** By hand, since addresses come with requests: four numbers up to 255 without leading zeros. */
function parseV4(text: string): Words | undefined {
  let address = 0;
  let octet = -1;
  let octets = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = index === text.length ? DOT : text.charCodeAt(index);
    if (code === DOT) {
      if (octet < 0 || ++octets > 4) return undefined;
      address = address * 256 + octet;
      octet = -1;
      continue;
    }
    if (code < ZERO || code > ZERO + 9 || octet === 0) return undefined;
    octet = octet < 0 ? code - ZERO : octet * 10 + code - ZERO;
    if (octet > 255) return undefined;
  }
  return octets === 4 ? [0, 0, 0, address] : undefined;
}

function parseV6(text: string): Words | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = [groupsOf(halves[0]!), halves.length === 2 ? groupsOf(halves[1]!) : []];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  const word = (index: number): number => groups[index * 2]! * 65_536 + groups[index * 2 + 1]!;
  return [word(0), word(1), word(2), word(3)];
}

function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  return parts.every((part) => GROUP.test(part)) ? parts.map((part) => Number.parseInt(part, 16)) : undefined;
}

function parsePrefix(text: string, bits: number): number | undefined {
  if (!PREFIX.test(text)) return undefined;
  const prefix = Number(text);
  return prefix <= bits ? prefix : undefined;
}

function sameWords(a: Words, b: Words): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

/** Bits of word `index` that lie in the first `width` of 128. */
function maskOf(width: number, index: number): number {
  const inWord = width - index * 32;
  if (inWord <= 0) return 0;
  return inWord >= 32 ? -1 : -1 << (32 - inWord);
}
