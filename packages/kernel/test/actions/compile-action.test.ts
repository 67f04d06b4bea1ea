import type { JsonValue } from "@writ/canon";
import { expect, test } from "vitest";
import {
  ACTION_TYPES,
  compileAction,
  parseActionSpec,
  type CompiledAction,
  type CompilerSetting,
} from "@writ/kernel/security";
import { setting } from "./samples.ts";

type Given = Readonly<Record<string, JsonValue>>;

const target = "https://a.test/x";
const compilation = (action: Given, changes: Partial<CompilerSetting> = {}): ReturnType<typeof compileAction> =>
  compileAction(parseActionSpec(action), Object.assign({}, setting, changes));
function compiled(action: Given): CompiledAction {
  const found = compilation(action);
  if (!found.ok) throw new Error(found.reason);
  return found.compiled;
}
const recipe = {
  recipe_name: "crawl_then_validate",
  action_type: "enumeration_probe",
  capability: "crawler_route_discovery",
  target,
};

test.each<[Given, string, string, string]>([
  [{}, "passthrough", "", "semantic_loss_none"],
  [{ action_type: "enumeration_probe" }, "enumeration_lowering", "", "semantic_loss_bounded_lowering"],
  [
    { action_type: "enumeration_probe", task_family: "authz" },
    "enumeration_lowering",
    "",
    "semantic_loss_bounded_rereview",
  ],
  [
    { action_type: "differential_probe" },
    "differential_lowering",
    "comparison_mode:header_status",
    "semantic_loss_none",
  ],
  [
    { action_type: "differential_probe", probe_recipe: { comparison_mode: "body", variant_count: 2 } },
    "differential_lowering",
    "comparison_mode:body",
    "semantic_loss_none",
  ],
  [{ action_type: "confirmatory_probe" }, "confirmatory_lowering", "", "semantic_loss_bounded_rereview"],
  [{ action_type: "variant_probe" }, "variant_lowering", "", "semantic_loss_bounded_lowering"],
  [{ action_type: "state_transition_probe" }, "state_transition_lowering", "", "semantic_loss_bounded_rereview"],
  [
    { action_type: "fingerprint_probe" },
    "passthrough",
    "fingerprint_probe_lowered_to_single_probe",
    "semantic_loss_fingerprint_lowered",
  ],
  [recipe, "enumeration_lowering", "recipe:crawl_then_validate", "semantic_loss_bounded_lowering"],
])("%j: %s, %s, %s", (action, strategy, reason, loss) => {
  const found = compiled({ target, ...action });
  expect(found.compiler_strategy).toBe(strategy);
  expect(found.normalization_reason).toBe(reason);
  expect(found.semantic_loss_policy.reason_code).toBe(loss);
  expect(found.semantic_loss_detected).toBe(action["action_type"] === "fingerprint_probe");
});

test.each(Object.entries(ACTION_TYPES))("%s has its default capability and shape", (type, { capability, shape }) => {
  expect(compiled({ action_type: type, target })).toMatchObject({
    capability,
    experiment_shape: shape,
    execution_mode: "normalized",
    target_cardinality: "single",
    resolved_planner_profiles: ["core"],
  });
});

test("the target is the first URL among the arguments when none is said", () => {
  expect(compiled({ args: ["-sS", "HTTPS://a.test"] }).target).toBe("HTTPS://a.test");
});

test("a chain that begins with another tool has a probe before it", () => {
  const chain = [{ tool: "HTTPX", role: "validate", args: ["-silent"] }];
  const tools = (action: Given): readonly string[] => compiled(action).execution_plan.map(({ tool }) => tool);
  expect(tools({ tool: "curl", tool_chain: chain, target })).toEqual(["curl", "httpx"]);
  expect(tools({ tool: "httpx", tool_chain: chain, target })).toEqual(["httpx"]);
});

test("a recipe's steps are filled, and only the first is a command yet", () => {
  expect(compiled(recipe).execution_plan).toEqual([
    { tool: "katana", role: "probe", args: ["-u", target, "-jc", "-kf", "-silent"], stdin: "", input: "given" },
    {
      tool: "httpx",
      role: "validate",
      args: ["-silent", "-status-code", "-title"],
      stdin: "",
      input: "previous_output",
    },
  ]);
});

test.each<[Given, string, Partial<CompilerSetting>?]>([
  [
    { ...recipe, action_type: "single_probe" },
    "recipe_action_type_mismatch:crawl_then_validate:enumeration_probe:single_probe",
  ],
  [
    { ...recipe, capability: "http_probe" },
    "recipe_capability_mismatch:crawl_then_validate:crawler_route_discovery:http_probe",
  ],
  [recipe, "recipe_missing_tool:crawl_then_validate:0", { registry: new Map() }],
  [{ ...recipe, target: "" }, "recipe_unresolved_placeholder:crawl_then_validate:target"],
  [{ ...recipe, recipe_name: "other" }, "unknown_recipe:other"],
  [{ target }, "missing_tool_for_action_type:single_probe", { registry: new Map() }],
])("%j is not compiled: %s", (action, reason, changes) => {
  expect(compilation(action, changes)).toEqual({ ok: false, reason });
});
