import { isWritError, type JsonValue } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  approvedCommands,
  approvedSpecDigest,
  approvedSteps,
  approveSpec,
  auditorView,
  openApprovedSpec,
  openPreparedSpec,
  parseApprovedSpec,
  parsePreparedSpec,
  preparedSpecDigest,
  prepareSpec,
  requestDecoration,
  stepAction,
} from "@writ/kernel/security";
import { action, approval, approved, campaign, credentials, passed, prepared } from "./samples.ts";

type Document = { readonly [key: string]: JsonValue };
const asDocument = (value: object): Document => JSON.parse(JSON.stringify(value)) as Document;

/** The refusal's code and the path to the field, or `none`. */
function refusal(run: () => unknown): string {
  try {
    run();
    return "none";
  } catch (error) {
    if (!isWritError(error)) throw error;
    return `${error.code} ${String(error.details["field"])}`;
  }
}

/** Every place in a document that holds no other. */
function leaves(value: JsonValue, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [at];
  return Object.entries(value).flatMap(([name, part]) => leaves(part, [...at, name]));
}

function replaced(value: JsonValue, [name, ...rest]: readonly string[], part: JsonValue): JsonValue {
  if (name === undefined) return part;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, JsonValue>;
  copy[name] = replaced(copy[name] as JsonValue, rest, part);
  return copy;
}

/** The document with one more letter, the other answer, the next number or one item at a place. */
function changedAt(document: JsonValue, place: readonly string[]): JsonValue {
  const found = place.reduce<JsonValue>((value, name) => (value as Document)[name] ?? null, document);
  if (typeof found === "boolean") return replaced(document, place, !found);
  if (typeof found === "number") return replaced(document, place, found + 1);
  return replaced(document, place, typeof found === "string" ? `${found}x` : ["x"]);
}

const spec = prepared();
const whole = approved(spec);
const records = [
  ["prepared", asDocument(spec), (value: JsonValue) => openPreparedSpec(value, preparedSpecDigest(spec))],
  ["approved", asDocument(whole), (value: JsonValue) => openApprovedSpec(value, approvedSpecDigest(whole))],
] as const;

describe.each(records)("the %s spec", (_name, document, open) => {
  test("is the one its digest names", () => {
    expect(refusal(() => open(document))).toBe("none");
    expect(refusal(() => open(Object.fromEntries(Object.entries(document).toReversed())))).toBe("none");
  });

  test("any mutation of any field is refused", () => {
    fc.assert(
      fc.property(fc.constantFrom(...leaves(document)), fc.jsonValue() as fc.Arbitrary<JsonValue>, (place, part) => {
        const changed = replaced(document, place, part);
        fc.pre(JSON.stringify(changed) !== JSON.stringify(document));
        expect(refusal(() => open(changed))).toMatch(/^EXECUTION_SPEC_INVALID /);
      }),
      { numRuns: 200 },
    );
    for (const place of leaves(document))
      expect(refusal(() => open(changedAt(document, place)))).toMatch(/^EXECUTION_SPEC_INVALID /);
  });

  test("every field is needed and no other is known", () => {
    for (const name of Object.keys(document)) {
      const { [name]: _removed, ...rest } = document;
      expect(refusal(() => open(rest))).toBe(`EXECUTION_SPEC_INVALID ${name}`);
    }
    expect(refusal(() => open({ ...document, other: null }))).toBe("EXECUTION_SPEC_INVALID other");
    const hostile = JSON.parse(`{"__proto__": {}, ${JSON.stringify(document).slice(1)}`) as JsonValue;
    expect(refusal(() => open(hostile))).toBe("EXECUTION_SPEC_INVALID __proto__");
  });

  test.each<[readonly string[], JsonValue]>([
    [["target_in_scope"], "true"],
    [["target_in_scope"], 1],
    [["execution_mode"], "Normalized"],
    [["action_type"], "scan"],
    [["capability"], "toString"],
    [["compiler", "compiler_variant_count"], 1.5],
    [["compiler", "compiler_variant_count"], 0],
    [["compiler", "compiler_strategy"], "no_lowering"],
    [["execution_plan", "0", "args", "0"], "e\u0301"],
    [["execution_plan", "0", "args", "0"], "a\0b"],
    [["execution_plan", "0", "stdin"], "x".repeat(4_097)],
    [["execution_plan", "0", "role"], "Probe"],
    [["execution_plan", "0", "tool"], "/bin/sh"],
    [["request_decoration", "headers", "0", "value"], "a\r\nCookie: b"],
    [["request_decoration", "cookies", "0", "secret_ref"], "{{secret}}"],
    [["credentials_policy_snapshot", "allow_auth_header"], null],
  ])("%j may not be %j", (place, part) => {
    expect(refusal(() => open(replaced(document, place, part)))).toBe(`EXECUTION_SPEC_INVALID ${place.join(".")}`);
  });

  test.each<[readonly string[], JsonValue, string]>([
    [["resolved_tool"], "httpx", "resolved_tool"],
    [["normalized_args", "0"], "-s", "normalized_args"],
    [["target_host"], "b.test", "target_host"],
    [["scope_facts", "target_in_scope"], false, "scope_facts"],
    [["all_hosts_detected"], [], "all_hosts_detected"],
    [["request_shape_hygiene_status"], "ambiguous", "request_shape_hygiene_status"],
    [["compiler", "semantic_loss_policy", "policy_response"], "proceed", "compiler.semantic_loss_policy"],
    [["request_decoration", "mode"], "none", "request_decoration.mode"],
    [["credentials_policy_snapshot", "allow_auth_header"], false, "request_decoration.headers"],
    [["credentials_policy_snapshot", "allow_cookie_header"], false, "request_decoration.cookies"],
    [["credentials_policy_snapshot", "allow_basic_auth"], false, "request_decoration.basic_auth"],
    [["credentials_policy_snapshot", "credentials_owner_approved"], false, "request_decoration.headers"],
  ])("%j as %j contradicts the rest, whatever the digest says", (place, part, field) => {
    expect(refusal(() => open(replaced(document, place, part)))).toBe(`EXECUTION_SPEC_INVALID ${field}`);
  });
});

test("a prepared spec says what it was prepared from", () => {
  expect(spec).toMatchObject({
    spec_version: "2026-03-18.prepared.v1",
    target_host: "a.test",
    target_in_scope: true,
    resolved_tool: "curl",
    all_hosts_detected: ["a.test"],
    mismatched_hosts_detected: [],
    target_host_match_status: "exact",
    request_shape_hygiene_status: "clean",
    request_shape_hygiene_source: "normalized_args+execution_plan",
    scope_facts: { target: "https://a.test/x", target_host: "a.test", target_in_scope: true },
    compiler: { compiler_strategy: "confirmatory_lowering", compiler_tool_choice_source: "explicit_tool" },
  });
});

test("a prepared spec has the same digest everywhere", () => {
  expect(preparedSpecDigest(spec)).toBe("bb1e2d00ecaf53c6d9247074c2a602a8129004dbb2195e9918aab997c36a04ff");
});

test("a spec that names no host says so in the prepared spec's own words", () => {
  const silent = prepared({ tool: "httpx", args: ["-silent"] });
  expect(silent.request_shape_hygiene_reason).toBe("no_hosts_detected_in_prepared_shape");
  expect(silent.target_in_scope).toBe(false);
  expect(approveSpec(silent, approval(silent))).toEqual({ ok: false, reason: "target_not_in_scope" });
});

test("only what the gateway passed is prepared, and only with all its input", () => {
  const decoration = requestDecoration(campaign);
  const refused = passed({ ...action, target: "https://c.test" });
  expect(refusal(() => prepareSpec({ verdict: refused, decoration, credentials }))).toBe("EXECUTION_SPEC_INVALID ");
  const recipe = {
    action_type: "enumeration_probe",
    capability: "crawler_route_discovery",
    recipe_name: "crawl_then_validate",
    target: "https://a.test",
  };
  expect(refusal(() => prepareSpec({ verdict: passed(recipe), decoration, credentials }))).toBe(
    "EXECUTION_SPEC_INVALID execution_plan.1.stdin",
  );
});

test("a recipe is done step by step, each with its input in sight", () => {
  const verdict = passed({
    action_type: "enumeration_probe",
    capability: "crawler_route_discovery",
    recipe_name: "crawl_then_validate",
    target: "https://a.test/",
  });
  if (!verdict.pass) throw new Error(verdict.reason);
  const { compiled } = verdict;
  expect(prepared(stepAction(compiled, 0)).resolved_tool).toBe("katana");
  const second = prepared(stepAction(compiled, 1, "https://a.test/1\nhttps://a.test/2\n"));
  expect([second.resolved_tool, second.stdin]).toEqual(["httpx", "https://a.test/1\nhttps://a.test/2\n"]);
  expect(passed(stepAction(compiled, 1, "https://c.test/\n")).reason).toBe("out_of_scope_target:c.test");
  for (const [index, output] of [[1], [0, "x"], [2]] as const)
    expect(refusal(() => stepAction(compiled, index, output))).toMatch(/^GOVERNANCE_RECORD_INVALID /);
});

describe("an approval", () => {
  test("of this spec makes the approved one, whose steps are the prepared ones", () => {
    expect(whole.approval).toMatchObject({
      decision: "approve",
      approved_under_degradation: true,
      semantic_loss_rereview_required: true,
      semantic_loss_rereview_completed: true,
      semantic_loss_rereview_decision: "approve",
    });
    expect(whole.execution_truth).toMatchObject({ artifact_type: "approved_execution_spec", resolved_tool: "curl" });
    const steps = approvedSteps(asDocument(whole));
    expect(steps.map(({ tool, args }) => [tool, ...args])).toEqual(
      spec.execution_plan.map(({ tool, args }) => [tool, ...args]),
    );
  });

  test.each([
    [{ decision: "revise" }, "invalid_approved_execution_decision:revise"],
    [{ decision: "" }, "invalid_approved_execution_decision:missing"],
    [{ decision: "Approve" }, "invalid_approved_execution_decision:Approve"],
    [{ subject_digest: "0".repeat(64) }, "approval_of_another_spec"],
  ])("%j approves nothing: %s", (changes, reason) => {
    expect(approveSpec(spec, { ...approval(spec), ...changes })).toEqual({ ok: false, reason });
  });

  test("runs as long as its tools are allowed, with curl kept from its configuration", () => {
    const commands = approvedCommands(whole, ["curl", "httpx"]);
    expect(commands.map(({ argv }) => argv[0])).toEqual(["curl", "httpx"]);
    expect(commands[0]?.argv[1]).toBe("-q");
    expect(commands[1]?.stdin).toBe("https://a.test/x\n");
    expect(() => approvedCommands(whole, ["curl"])).toThrow(
      expect.objectContaining({ details: { reason: "tool_not_allowed_for_approved_spec:httpx" } }) as Error,
    );
  });

  test("moved to another spec is refused without any digest from outside", () => {
    const other = approved(prepared({ ...action, args: ["-I", "https://a.test/x"], tool_chain: [] }));
    const moved = { ...asDocument(other), approval: asDocument(whole)["approval"] ?? null };
    expect(refusal(() => parseApprovedSpec(moved))).toBe("EXECUTION_SPEC_INVALID approval.subject_digest");
  });
});

test("an auditor sees no secret, no standard input and nothing long", () => {
  const view = JSON.stringify(auditorView(spec));
  expect(view).toContain('"stdin_present":true');
  expect(view).not.toContain('"stdin":');
  expect(view).toContain("<cookie_redacted>");
  expect(view).toContain("<user>:<redacted>");
});

test("any JSON at all is read or refused with a code", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>, (value) => {
      for (const parse of [parsePreparedSpec, parseApprovedSpec])
        expect(refusal(() => parse(value))).toMatch(/^EXECUTION_SPEC_INVALID /);
    }),
    { numRuns: 300 },
  );
});
