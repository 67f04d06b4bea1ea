import type { ProcessShape, Refusal } from "@writ/kernel";

/** Names told one by one; the others are counted. */
const NAMES_MAX = 20;
const SECRET = /TOKEN|SECRET|PASS|CRED|AUTH|KEY|PRIVATE|SESSION|COOKIE|DSN|CERT/i;
/** Present inside as well, with values of the sandbox. */
const BASICS = new Set(["PATH", "HOME", "LANG", "TERM", "PWD", "SHLVL", "_", "OLDPWD"]);

/** Variables of the operator that the process did not get, names only; those that sound like secrets come first. */
export function withheldNames({ environment }: ProcessShape, names: readonly string[]): readonly Refusal[] {
  const withheld = names.filter((name) => name !== "" && !environment.includes(name) && !BASICS.has(name));
  const ranked = [...withheld.filter((name) => SECRET.test(name)), ...withheld.filter((name) => !SECRET.test(name))];
  const told = ranked
    .slice(0, NAMES_MAX)
    .map((name) => ({ kind: "environment", target: name, detail: "withheld" }) as const);
  const rest = ranked.length - told.length;
  if (rest === 0) return told;
  return [
    ...told,
    { kind: "environment", target: "others", detail: `${String(rest)} further variables were withheld` },
  ];
}
