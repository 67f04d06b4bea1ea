import { parseJsonExact } from "@writ/canon";
import { buildChainManifest, verifyChain, type ExactRecord } from "@writ/kernel";

/** Artifacts of an earlier kernel keep their exact numbers: `1` and `1.0` have different digests. */
const intent = parseJsonExact(`{
  "artifact_type": "intent_contract", "schema_version": "v0.2",
  "schema_ref": "schemas/intent_contract.v0.2.schema.json",
  "created_at": "2026-01-01T00:00:00Z", "intent_id": "intent-1", "actor": {"kind": "agent"},
  "intent": {"summary": "read repo status"}, "requested_capability": {"name": "git_status"},
  "target": {"host": "repo.example.org"}, "authority": {"intent_is_authority": false}
}`) as ExactRecord;

/** As it would come from a file. */
const manifest = parseJsonExact(JSON.stringify(buildChainManifest([{ path: "intent.json", artifact: intent }])));

/** You bring the files: `load` is asked for each path once, and what it gives is hashed again. */
export const verified = verifyChain({ manifest, load: () => intent }, { requireLifecycle: false });
export const tampered = verifyChain(
  { manifest, load: () => ({ ...intent, intent_id: "intent-2" }) },
  { requireLifecycle: false },
);
