import { compareCodeUnits, isWritError } from "@writ/canon";

import { compilePolicy, type CompiledPolicy } from "./compile/compile-policy.ts";
import type { PolicyErrorCode } from "./error-code.ts";
import { annotationSlips } from "./loading/annotation-slips.ts";
import { linkPolicies } from "./loading/link-policies.ts";
import { officialVersion } from "./official/official-engine.ts";
import { PolicyIndex } from "./lookup/policy-index.ts";
import type { LoadOptions, PolicySet, PolicySources } from "./policy-set.ts";
import type { OfficialSources, Program } from "./program.ts";
import { ReadFault } from "./input/read-fault.ts";
import { policyRefusal } from "./refusal.ts";
import { parseSchema } from "./schema/schema.ts";
import { setDigest } from "./loading/set-digest.ts";
import { readPolicies, type SourcePolicy } from "./loading/source-policy.ts";
import type { SourceFile } from "./types.ts";
import { validateSet } from "./loading/validate-set.ts";

/** Characters of one file. */
const FILE_CHARS_MAX = 4_194_304;
/** Conditions that one request may have to run one by one before the author should know. */
const UNINDEXED_WARNING = 64;
/** Counts changes of the evaluator's answers; part of what a decision records. */
const EVALUATOR_VERSION = 1;

/**
 * Parses every policy with the official engine, validates the set strictly against the schema and compiles it.
 * One fault refuses the whole set: `POLICY_SYNTAX`, `POLICY_INVALID`, `POLICY_ID_MISSING`,
 * `POLICY_ID_DUPLICATE`, `POLICY_ANNOTATION`, `POLICY_TOO_LARGE`, `POLICY_SCHEMA`, `POLICY_TEMPLATE` or
 * `POLICY_UNSUPPORTED`, with `details.file`, `line` and `column`.
 */
export async function loadPolicySet(input: PolicySources, options: LoadOptions = {}): Promise<PolicySet> {
  await Promise.resolve();
  checkFiles(input);
  const policies = readPolicies(input.policies, options.requireAnnotations ?? true);
  if ((options.requireAnnotations ?? true) && options.links === undefined) refuseTemplates(policies);
  const schema = input.schema === undefined ? undefined : parseSchema(input.schema);
  const official = officialSources(input.schema, policies, options);
  const validated = schema !== undefined && (options.validate ?? true);
  const warnings = validated ? validateSet(official, policies) : [];
  const infos = policies.map((policy) => policy.info);
  const compiled = ranked([
    ...policies.filter((policy) => !policy.part.template).map(compileSource),
    ...linkPolicies(policies, options.links ?? []),
  ]);
  const program: Program = { schema, policies: compiled, index: new PolicyIndex(compiled, schema), official };
  return {
    digest: setDigest(input),
    policies: infos,
    engine: `writ-cedar ${EVALUATOR_VERSION} (cedar ${officialVersion()})`,
    warnings: [...warnings, ...annotationSlips(infos), ...indexWarnings(program.index)],
    sources: input.policies,
    schema: input.schema,
    program,
  };
}

function checkFiles(input: PolicySources): void {
  const names = new Set<string>();
  for (const file of input.schema === undefined ? input.policies : [...input.policies, input.schema]) {
    if (file.text.length > FILE_CHARS_MAX) {
      throw policyRefusal("POLICY_TOO_LARGE", `\`${file.name}\` is too long`, "split the file", {
        file: file.name,
        limit: FILE_CHARS_MAX,
      });
    }
    if (!file.text.isWellFormed() || !file.name.isWellFormed()) {
      throw policyRefusal("POLICY_SYNTAX", `\`${file.name}\` is not Unicode text`, "save it as UTF-8", {
        file: file.name,
      });
    }
    if (names.has(file.name)) {
      throw policyRefusal("POLICY_SYNTAX", `two files are named \`${file.name}\``, "give each file its own name", {
        file: file.name,
      });
    }
    names.add(file.name);
  }
}

function refuseTemplates(policies: readonly SourcePolicy[]): void {
  const template = policies.find((policy) => policy.part.template);
  if (template === undefined) return;
  const { file, line } = template.info;
  throw policyRefusal("POLICY_TEMPLATE", `\`${file}:${line}\`: a template decides nothing`, "write a static policy", {
    file,
    line,
    column: 1,
  });
}

function officialSources(
  schema: SourceFile | undefined,
  policies: readonly SourcePolicy[],
  options: LoadOptions,
): OfficialSources {
  const texts = (template: boolean): Record<string, string> =>
    Object.fromEntries(
      policies.filter(({ part }) => part.template === template).map(({ info, part }) => [info.id, part.text]),
    );
  const templateLinks = (options.links ?? []).map((link) => ({
    templateId: link.template,
    newId: link.id,
    values: {
      ...(link.principal === undefined ? {} : { "?principal": link.principal }),
      ...(link.resource === undefined ? {} : { "?resource": link.resource }),
    },
  }));
  return { schema: schema?.text, policies: { staticPolicies: texts(false), templates: texts(true), templateLinks } };
}

/** A refusal of the compiler says where the policy stands. */
function compileSource(policy: SourcePolicy): CompiledPolicy {
  const { file, line } = policy.info;
  try {
    return compilePolicy(policy.json, policy.identity);
  } catch (error) {
    if (error instanceof ReadFault) {
      throw policyRefusal("POLICY_UNSUPPORTED", `\`${file}:${line}\`: a literal ${error.fault}`, "rewrite it", {
        file,
        line,
      });
    }
    if (!isWritError<PolicyErrorCode>(error)) throw error;
    const details = { ...error.details, file, line };
    throw policyRefusal(error.code, `\`${file}:${line}\`: ${error.message}`, error.next, details, error);
  }
}

/** INVARIANT: `policies[rank].rank === rank`, and ranks ascend with ids, so that sorting ranks sorts ids. */
function ranked(policies: readonly CompiledPolicy[]): readonly CompiledPolicy[] {
  return policies
    .toSorted((a, b) => compareCodeUnits(a.id, b.id))
    .map((policy, rank) => Object.assign(policy, { rank }));
}

function indexWarnings(index: PolicyIndex): string[] {
  const most = index.unindexedMax;
  if (most <= UNINDEXED_WARNING) return [];
  return [`one request may run ${most} conditions that no index finds: name the tool or resource in their scopes`];
}
