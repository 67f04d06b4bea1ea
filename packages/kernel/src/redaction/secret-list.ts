import type { ExactJson } from "@writ/canon";
import { isPlaceholder } from "./placeholder.ts";
import { numberIsSecret, secretRole } from "./secret-role.ts";
import { SECRET_MARK } from "./secret-mark.ts";

/**
 * A list in which one item makes the next one secret: argument vectors (`--password`, `x`), flat lists of headers,
 * pairs.
 */
export function redactList(items: readonly ExactJson[]): readonly ExactJson[] {
  const marked: ExactJson[] = items.map((item) => (typeof item === "string" ? ownValue(item) : item));
  for (const [index, item] of items.entries()) {
    const next = items[index + 1];
    if (typeof item !== "string" || next === undefined) continue;
    if (namesNext(item, items.length === 2) || isProgramFlag(items, item)) marked[index + 1] = mark(next);
    else if (typeof next === "string") marked[index + 1] = userSecret(item, next, marked[index + 1] ?? next);
  }
  return marked;
}

/** `--password=x`, `PASSWORD=x`, `X-Api-Key: x`: in a list the value has the rest of its item, spaces and quotes too. */
function ownValue(item: string): string {
  const head = /^-{0,2}([A-Za-z_][\w.-]{0,127})(?:=|:[ \t]{0,8})/.exec(item);
  if (head === null || secretRole(head[1] ?? "") === undefined) return item;
  const value = item.slice(head[0].length);
  const count = /^\d/.test(value) && !numberIsSecret(head[1] ?? "");
  return count || isPlaceholder(value) ? item : `${head[0]}${SECRET_MARK}`;
}

/** Whether the item is a flag, a header or a variable whose value comes next. */
function namesNext(item: string, pair: boolean): boolean {
  if (secretRole(item) === undefined) return false;
  if (/^--?[A-Za-z][\w.-]*$|^[\w.-]+[:=]$/.test(item)) return true;
  if (!/^[\w.-]+$/.test(item)) return false;
  const role = secretRole(item);
  return pair || role === "authorization" || role === "cookie" || /[-_]|^[A-Z]+$/.test(item);
}

/** Flags that mean a password to one program and something else to others. */
function isProgramFlag(items: readonly ExactJson[], flag: string): boolean {
  if (!/^-[apPw]$/.test(flag)) return false;
  return items.some((item) => typeof item === "string" && PROGRAMS[flag]?.test(item) === true);
}

const PROGRAMS: Readonly<Record<string, RegExp>> = {
  "-a": /^(?:.*\/)?redis-cli$/,
  "-p": /^(?:.*\/)?(?:sshpass|docker|podman|buildah|skopeo|oc|mongo|mongosh|mongodump|az)$/,
  "-P": /^(?:.*\/)?(?:zip|unzip)$/,
  "-w": /^(?:.*\/)?ldap[a-z]+$/,
};

function mark(value: ExactJson): ExactJson {
  if (typeof value === "string") return isPlaceholder(value) ? value : SECRET_MARK;
  return typeof value === "number" || typeof value === "bigint" ? SECRET_MARK : value;
}

/** `-u name:password` and `-b name=value` of curl and its kin. */
function userSecret(flag: string, next: string, marked: ExactJson): ExactJson {
  const user = /^[^:%]{1,128}[:%]/.exec(next)?.[0];
  if (/^(?:-u|-U|--user|--proxy-user|--auth)$/.test(flag) && user !== undefined) return `${user}${SECRET_MARK}`;
  return flag === "-b" && next.includes("=") ? SECRET_MARK : marked;
}
