import {
  booleanOf,
  casesError,
  listOf,
  mappingOf,
  parseCasesYaml,
  textOf,
  wordOf,
  type Written,
} from "./cases-yaml.ts";
import { ACTION_EFFECTS, EFFECTS, resolveMode, resolvePosture, resolveRole } from "./governance-vocabulary.ts";
import type { Effect, PolicyAction } from "./governance-vocabulary.ts";
import type { EntityUid, PolicyDecision } from "./types.ts";

/** The circumstances of a case, as `given:` says; what neither case nor defaults say has the value in `PLAIN`. */
export interface CaseGiven {
  readonly mode: string;
  readonly posture: string;
  readonly role: string;
  readonly caller: "operator" | "agent" | "system";
  readonly active: boolean;
  readonly muted: boolean;
  readonly tenant: string;
  readonly critical_flag: boolean;
  readonly evidence: boolean;
  readonly rationale: string | null;
  readonly amount: string | null;
  readonly position: string | null;
  readonly registered: boolean;
  readonly network: boolean;
  readonly live: boolean;
  readonly sandboxed: boolean;
}

export interface CaseExpectation {
  readonly outcome: PolicyDecision["outcome"];
  /** Ids that must be among the policies that spoke. */
  readonly policies: readonly string[];
  /** Ids that must not be among them. */
  readonly silent: readonly string[];
  /** Approvals of the greatest hold; undefined: not asked. */
  readonly approvals: number | undefined;
}

export interface PolicyCase {
  readonly name: string;
  readonly line: number;
  readonly given: CaseGiven;
  readonly action: PolicyAction;
  readonly text: string | null;
  readonly command: readonly string[] | null;
  readonly tool: string | null;
  readonly effects: readonly Effect[];
  readonly resource: EntityUid | null;
  readonly expect: CaseExpectation;
}

/** More cases belong into several files. */
const CASES_MAX = 10_000;

const PLAIN: CaseGiven = {
  mode: "None (Unrestricted)",
  posture: "SCOUT",
  role: "Primary",
  caller: "agent",
  active: true,
  muted: false,
  tenant: "local",
  critical_flag: false,
  evidence: false,
  rationale: null,
  amount: null,
  position: null,
  registered: false,
  network: false,
  live: false,
  sandboxed: true,
};

const CASE_KEYS = ["name", "given", "action", "text", "command", "tool", "effects", "resource", "expect"] as const;
const OUTCOMES = ["allow", "hold", "deny", "not_evaluated"] as const;
const RESOURCES = ["Tool", "Path", "Host", "Channel", "Document", "Run", "System", "Tenant"] as const;
const ACTIONS = Object.keys(ACTION_EFFECTS).filter(isAction);

/** Reads a cases file. Throws `POLICY_CASES` with the line of the fault. */
export function parseCases(text: string): readonly PolicyCase[] {
  const root = mappingOf(parseCasesYaml(text), ["defaults", "cases"], "the file");
  const defaults = root.get("defaults");
  const given = defaults === undefined ? PLAIN : defaultGiven(defaults);
  const list = root.get("cases");
  if (list === undefined) throw casesError(1, "the file has no `cases`", "it needs at least one");
  const cases = listOf(list, "`cases`");
  if (cases.length === 0 || cases.length > CASES_MAX) {
    throw casesError(list.line, `the file has ${cases.length} cases`, `it needs 1 to ${CASES_MAX}`);
  }
  return cases.map((item) => readCase(item, given));
}

function defaultGiven(written: Written): CaseGiven {
  const given = mappingOf(written, ["given"], "`defaults`").get("given");
  return given === undefined ? PLAIN : readGiven(given, PLAIN);
}

function readCase(written: Written, defaults: CaseGiven): PolicyCase {
  const keys = mappingOf(written, CASE_KEYS, "the case");
  const read = <Value>(key: (typeof CASE_KEYS)[number], reader: (item: Written) => Value): Value | undefined => {
    const item = keys.get(key);
    return item === undefined ? undefined : reader(item);
  };
  const expectation = keys.get("expect");
  const name = read("name", (item) => textOf(item, "`name`"));
  if (name === undefined) throw casesError(written.line, "the case has no `name`", "failures are reported by it");
  if (expectation === undefined)
    throw casesError(written.line, `case \`${name}\` has no \`expect\``, "it would test nothing");
  return {
    name,
    line: written.line,
    given: read("given", (item) => readGiven(item, defaults)) ?? defaults,
    action:
      read("action", (item) => wordOf(item, ACTIONS, "`action`")) ?? (keys.has("command") ? "process.exec" : "act"),
    text: read("text", (item) => textOf(item, "`text`")) ?? null,
    command: read("command", (item) => textsOf(item, "`command`")) ?? null,
    tool: read("tool", (item) => textOf(item, "`tool`")) ?? null,
    effects:
      read("effects", (item) => listOf(item, "`effects`").map((effect) => wordOf(effect, EFFECTS, "the effect"))) ?? [],
    resource: read("resource", readResource) ?? null,
    expect: readExpectation(expectation),
  };
}

/** Words of governance are checked here: a misspelt mode would be judged as the strictest and pass for a test of it. */
const GIVEN_READERS: { readonly [key in keyof CaseGiven]: (item: Written) => CaseGiven[key] } = {
  mode: (item) => resolved(item, resolveMode, "`mode`"),
  posture: (item) => resolved(item, resolvePosture, "`posture`"),
  role: (item) => resolved(item, resolveRole, "`role`"),
  caller: (item) => wordOf(item, ["operator", "agent", "system"], "`caller`"),
  active: (item) => booleanOf(item, "`active`"),
  muted: (item) => booleanOf(item, "`muted`"),
  tenant: (item) => textOf(item, "`tenant`"),
  critical_flag: (item) => booleanOf(item, "`critical_flag`"),
  evidence: (item) => booleanOf(item, "`evidence`"),
  rationale: (item) => textOf(item, "`rationale`"),
  amount: (item) => textOf(item, "`amount`"),
  position: (item) => textOf(item, "`position`"),
  registered: (item) => booleanOf(item, "`registered`"),
  network: (item) => booleanOf(item, "`network`"),
  live: (item) => booleanOf(item, "`live`"),
  sandboxed: (item) => booleanOf(item, "`sandboxed`"),
};

function readGiven(written: Written, defaults: CaseGiven): CaseGiven {
  const items = mappingOf(written, Object.keys(GIVEN_READERS), "`given`");
  const said = Object.entries(GIVEN_READERS).flatMap(([key, reader]) => {
    const item = items.get(key);
    return item === undefined ? [] : [[key, reader(item)] as const];
  });
  return { ...defaults, ...Object.fromEntries(said) };
}

function resolved(item: Written, resolve: (text: string) => string | undefined, what: string): string {
  const text = textOf(item, what);
  const word = resolve(text);
  if (word === undefined) throw casesError(item.line, `${what} is \`${text}\``, "Writ has no such word");
  return word;
}

function readResource(written: Written): EntityUid {
  const keys = mappingOf(written, ["type", "id"], "`resource`");
  const type = keys.get("type");
  const id = keys.get("id");
  if (type === undefined || id === undefined)
    throw casesError(written.line, "`resource` is incomplete", "it has `type` and `id`");
  return { type: wordOf(type, RESOURCES, "`type`"), id: textOf(id, "`id`") };
}

function readExpectation(written: Written): CaseExpectation {
  const keys = mappingOf(written, ["outcome", "policies", "silent", "approvals"], "`expect`");
  const outcome = keys.get("outcome");
  if (outcome === undefined)
    throw casesError(written.line, "`expect` has no `outcome`", "every case decides something");
  const approvals = keys.get("approvals");
  return {
    outcome: wordOf(outcome, OUTCOMES, "`outcome`"),
    policies: optionalTexts(keys.get("policies"), "`policies`"),
    silent: optionalTexts(keys.get("silent"), "`silent`"),
    approvals:
      approvals === undefined
        ? undefined
        : Number(wordOf(approvals, ["1", "2", "3", "4", "5", "6", "7", "8", "9"], "`approvals`")),
  };
}

function optionalTexts(written: Written | undefined, what: string): readonly string[] {
  return written === undefined ? [] : textsOf(written, what);
}

function textsOf(written: Written, what: string): readonly string[] {
  return listOf(written, what).map((item) => textOf(item, `an item of ${what}`));
}

function isAction(name: string): name is PolicyAction {
  return Object.hasOwn(ACTION_EFFECTS, name);
}
