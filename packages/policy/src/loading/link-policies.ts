import { compilePolicy, type CompiledPolicy } from "../compile/compile-policy.ts";
import { readCheckedUid } from "../input/entity-uid.ts";
import type { TemplateLink } from "../policy-set.ts";
import { refusing } from "../input/read-fault.ts";
import { policyRefusal } from "../refusal.ts";
import type { SourcePolicy } from "./source-policy.ts";
import type { EntityValue } from "../values/value.ts";

/** Static policies made of templates, each under its own id. An id in use, or a slot too few or many, is refused. */
export function linkPolicies(policies: readonly SourcePolicy[], links: readonly TemplateLink[]): CompiledPolicy[] {
  const taken = new Set(policies.map((policy) => policy.info.id));
  return links.map((link) => {
    const template = policies.find((policy) => policy.part.template && policy.info.id === link.template);
    if (template === undefined) throw linkRefusal(link, `there is no template \`${link.template}\``);
    if (taken.has(link.id)) throw linkRefusal(link, `the id \`${link.id}\` is taken`);
    taken.add(link.id);
    const slots = { "?principal": filled(link, "principal"), "?resource": filled(link, "resource") };
    for (const [slot, entity] of Object.entries(slots)) {
      if (entity !== undefined && !template.part.text.includes(slot)) {
        throw linkRefusal(link, `the template has no slot \`${slot}\``);
      }
    }
    const hold = template.identity.hold && { ...template.identity.hold, policy: link.id };
    return compilePolicy(template.json, { ...template.identity, hold, id: link.id, template: link.template }, slots);
  });
}

function filled(link: TemplateLink, slot: "principal" | "resource"): EntityValue | undefined {
  const entity = link[slot];
  if (entity === undefined) return undefined;
  return refusing(
    () => readCheckedUid(entity),
    (_path, fault) => linkRefusal(link, `its ${slot} ${fault}`),
  );
}

function linkRefusal(link: TemplateLink, what: string): Error {
  return policyRefusal("POLICY_TEMPLATE", `link \`${link.id}\`: ${what}`, "correct the link", { link: link.id });
}
