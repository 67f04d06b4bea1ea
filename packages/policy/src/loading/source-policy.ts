import { requireId, readAnnotations } from "./policy-annotations.ts";
import { parsePolicy, type PolicyJson } from "./parse-policy.ts";
import type { PolicyIdentity } from "../compile/compile-policy.ts";
import type { PolicyInfo } from "../policy-set.ts";
import { type PolicyPart, splitPolicies } from "./policy-text.ts";
import { policyRefusal } from "../refusal.ts";
import type { SourceFile } from "../types.ts";

/** A policy that parsed, with where it stands. */
export interface SourcePolicy {
  readonly info: PolicyInfo;
  readonly identity: PolicyIdentity;
  readonly json: PolicyJson;
  readonly file: SourceFile;
  readonly part: PolicyPart;
}

/** Policies of one set; each costs about 0.3 ms to load. */
const POLICIES_MAX = 20_000;

/** Parses every policy of every file, in the order given. */
export function readPolicies(files: readonly SourceFile[], writIds: boolean): readonly SourcePolicy[] {
  const parts = files.flatMap((file) => splitPolicies(file.text).map((part) => ({ file, part })));
  if (parts.length > POLICIES_MAX) {
    throw policyRefusal("POLICY_TOO_LARGE", `a set of ${parts.length} policies`, "split the set", {
      limit: POLICIES_MAX,
    });
  }
  const policies = parts.map(({ file, part }, position) => readPolicy(file, part, position, writIds));
  if (writIds) refuseDuplicates(policies);
  return policies;
}

/** Cedar's own id of a policy is its place in the text, templates counted; `@id` does not change it. */
function readPolicy(file: SourceFile, part: PolicyPart, position: number, writIds: boolean): SourcePolicy {
  const json = parsePolicy(file, part);
  const place = { file: file.name, line: part.line, column: part.column };
  const annotations = plainAnnotations(json);
  const id = writIds ? requireId(annotations, place) : `policy${position}`;
  const meaning = writIds
    ? readAnnotations(id, json.effect, annotations, place)
    : { hold: undefined, advice: undefined };
  const text = file.text.slice(part.first, part.start + part.text.length);
  const info = {
    id,
    file: file.name,
    line: place.line,
    effect: json.effect,
    annotations,
    text,
    template: part.template,
  };
  return { info, identity: { id, ...meaning }, json, file, part };
}

/** An annotation without a value is empty. */
function plainAnnotations(json: PolicyJson): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(json.annotations ?? {}).map(([name, value]) => [name, value ?? ""]));
}

function refuseDuplicates(policies: readonly SourcePolicy[]): void {
  const seen = new Map<string, SourcePolicy>();
  for (const policy of policies) {
    const { id, file, line } = policy.info;
    const first = seen.get(id);
    seen.set(id, policy);
    if (first === undefined) continue;
    throw policyRefusal(
      "POLICY_ID_DUPLICATE",
      `\`${file}:${line}\`: \`@id("${id}")\` also stands in \`${first.info.file}:${first.info.line}\``,
      "give each policy an id of its own",
      { file, line, column: 1, other_file: first.info.file, other_line: first.info.line },
    );
  }
}
