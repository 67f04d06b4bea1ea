import { expect, test } from "vitest";
import { isAddressIn, isAmbiguousAddress, parseAddress, parseScopeDomains, placeFault } from "@writ/kernel/security";

const scope = {
  domains: { ...parseScopeDomains("a.test *.b.test"), exclude_exact: ["192.0.2.9"] },
  networks: ["192.0.2.0/24", "2001:db8::/32"],
  ports: [80, 443],
};

test.each([
  ["a.test", null],
  ["https://A.test/x?y=1", null],
  ["http://x.b.test:443", null],
  ["192.0.2.7", null],
  ["https://[2001:db8::1]/", null],
  ["http://[::ffff:c000:207]/", null],
  ["https://a.test:8443/", "out_of_scope_port:8443"],
  ["c.test", "out_of_scope_target:c.test"],
  ["localhost", "out_of_scope_target:localhost"],
  ["wordlist.txt", "out_of_scope_target:wordlist.txt"],
  ["10.0.0.1", "out_of_scope_target:10.0.0.1"],
  ["192.0.2.9", "out_of_scope_target:192.0.2.9"],
  ["http://[::1]/", "out_of_scope_target:::1"],
  ["http://2130706433/", "ambiguous_address:2130706433"],
  ["0x7f.1", "ambiguous_address:0x7f.1"],
  ["010.0.0.1", "ambiguous_address:010.0.0.1"],
  ["127.1", "ambiguous_address:127.1"],
  ["https://u:p@a.test/", "credentials_in_target"],
  ["https://a.test\\@c.test/", "unreadable_target"],
  ["http://[::1%25lo]/", "unreadable_target"],
  ["ftp://a.test/", "unreadable_target"],
  ["http://а.test/", "unreadable_target"],
  ["", "unreadable_target"],
])("%j: %s", (place, fault) => {
  expect(placeFault(place, scope)).toBe(fault);
});

test.each([
  ["192.0.2.255", "192.0.2.0/24", true],
  ["192.0.3.0", "192.0.2.0/24", false],
  ["192.0.2.1", "192.0.2.1/32", true],
  ["10.1.2.3", "0.0.0.0/0", true],
  ["::1", "0.0.0.0/0", false],
  ["2001:db8::", "2001:db8::/128", true],
  ["192.0.2.1", "192.0.2.0/33", false],
  ["192.0.2.1", "192.0.2.0", false],
  ["192.0.2.1", "all", false],
])("%s in %s: %s", (text, network, inside) => {
  const address = parseAddress(text);
  expect(address !== undefined && isAddressIn(address, [network])).toBe(inside);
});

test.each([
  "1.2.3",
  "1.2.3.256",
  "01.2.3.4",
  "1:2",
  "1::2::3",
  ":::",
  "g::1",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::8",
  "x".repeat(99),
])("%s is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test("a name that ends in letters is no address", () => {
  expect(isAmbiguousAddress("0x7f.example")).toBe(false);
});
