import { accessSync, constants, existsSync, statSync } from "node:fs";
import { loadPolicyFolder, loadPolicySet, shippedPolicies } from "@writ/policy";
import { detectSandbox } from "@writ/runner";
import { outputFor, type CommonOptions } from "../command.ts";
import { resolveHomes, type Homes } from "../homes.ts";
import { connect } from "../owner/connect.ts";

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly text: string;
  /** What to do when it is not ok. */
  readonly next?: string;
}

/** `writ doctor`: tests each thing Writ relies on by using it (ARCHITECTURE §7.5). */
export async function doctor(options: CommonOptions): Promise<number> {
  const homes = resolveHomes(process.env, options.home);
  const checks = [checkNode, checkKeys, checkPolicies, checkSandbox, checkOwner];
  const findings: Finding[] = [];
  for (const check of checks) findings.push(await settled(check, homes));
  const ok = findings.every((finding) => finding.ok);
  outputFor(options).result({ ok, findings, limits }, () => [
    ...findings.flatMap(({ check, ok: good, text, next }) => [
      `${good ? "ok  " : "FAIL"}  ${check.padEnd(9)} ${text}`,
      ...(next === undefined ? [] : [`      next: ${next}`]),
    ]),
    ...limits.map((limit) => `note  ${limit}`),
  ]);
  return ok ? 0 : 1;
}

const limits = [
  "a process of your own OS user outside the sandbox can speak on the owner's socket as you; run agents as another user, or through Writ",
  "unless checkpoints leave this machine, the holder of its signing key could rewrite the log unseen",
] as const;

async function settled(check: (homes: Homes) => Finding | Promise<Finding>, homes: Homes): Promise<Finding> {
  try {
    return await check(homes);
  } catch (error) {
    const { message, next } = error as { readonly message: string; readonly next?: string };
    return {
      check: check.name.replace("check", "").toLowerCase(),
      ok: false,
      text: message,
      ...(next !== undefined && { next }),
    };
  }
}

function checkNode(): Finding {
  return { check: "node", ok: true, text: `${process.versions.node} at ${process.execPath}` };
}

function checkKeys({ keys, data }: Homes): Finding {
  if (!existsSync(keys)) return { check: "keys", ok: true, text: `none yet; they will be made in ${keys}` };
  const readable = (statSync(keys).mode & 0o077) !== 0;
  if (readable) return { check: "keys", ok: false, text: `${keys} is open to others`, next: `chmod 700 ${keys}` };
  const inside = keys === data || keys.startsWith(`${data}/`);
  if (inside)
    return {
      check: "keys",
      ok: false,
      text: `${keys} lies under the data`,
      next: "set WRIT_KEY_HOME to a place that is not in the same backup",
    };
  accessSync(keys, constants.W_OK);
  return { check: "keys", ok: true, text: keys };
}

async function checkPolicies({ policies }: Homes): Promise<Finding> {
  const own = existsSync(policies);
  const set = await (own ? loadPolicyFolder(policies) : loadPolicySet(shippedPolicies()));
  return {
    check: "policies",
    ok: true,
    text: `${String(set.policies.length)} from ${own ? policies : "the shipped set"}, digest ${set.digest.slice(0, 16)}…`,
  };
}

async function checkSandbox(): Promise<Finding> {
  const sandbox = await detectSandbox();
  if (sandbox.available) return { check: "sandbox", ok: true, text: sandbox.version };
  return { check: "sandbox", ok: false, text: sandbox.reason, next: sandbox.next };
}

async function checkOwner(homes: Homes): Promise<Finding> {
  const connection = await connect({ homes, inProcess: false, environment: process.env });
  const status = await connection.client.get<{
    readonly log: { readonly size: number; readonly origin: string };
    readonly not_writable: { readonly code: string; readonly message: string; readonly next: string } | null;
  }>("/api/status");
  const { log, not_writable: refused } = status;
  const text = `${log.origin}, ${String(log.size)} entries`;
  if (refused === null) return { check: "log", ok: true, text: `${text}, writable` };
  const { code, message, next } = refused;
  return { check: "log", ok: false, text: `${text}, NOT writable: ${message} [${code}]`, next };
}
