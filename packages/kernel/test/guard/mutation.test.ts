import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWritError, type ExactJson } from "@writ/canon";
import { verifyChain, verifyKernelGuard, type ExactRecord } from "@writ/kernel";
import { buildKernelGuard } from "../../src/guard/build.ts";
import { isExactRecord, sameExact } from "../../src/compat/exact-record.ts";
import { sampleArtifacts, sampleChain } from "../artifacts/samples.ts";
import { places, replaced } from "../support/places.ts";

const key = new TextEncoder().encode("k".repeat(32));
const artifacts = sampleArtifacts();
const { manifest } = sampleChain(artifacts);
const built = buildKernelGuard(manifest, { key, keyId: "key-1", nonces: ["0", "1", "2", "3", "4", "5"] });
const guard: ExactRecord = built.ok ? built.guard : {};

/** One document of all that is bound: six artifacts, the manifest over them and the guard over that. */
const bundle = { artifacts: { ...artifacts }, manifest, guard };

function isVerified(changed: ExactJson, verify: (parts: typeof bundle) => { readonly ok: boolean }): boolean {
  try {
    return verify(changed as unknown as typeof bundle).ok;
  } catch (error) {
    if (isWritError(error)) return false;
    throw error;
  }
}

const load =
  (parts: typeof bundle) =>
  (path: string): ExactJson | undefined => {
    const role = path.replace(/\.json$/, "");
    return isExactRecord(parts.artifacts) && Object.hasOwn(parts.artifacts, role)
      ? parts.artifacts[role as keyof typeof parts.artifacts]
      : undefined;
  };

const asChain = (parts: typeof bundle): { readonly ok: boolean } =>
  verifyChain({ manifest: parts.manifest, load: load(parts) }, { requireLifecycle: true });
const asGuarded = (parts: typeof bundle): { readonly ok: boolean } =>
  verifyKernelGuard(
    { manifest: parts.manifest, guard: parts.guard, key, load: load(parts) },
    { requireLifecycle: true },
  );

const inside = (name: keyof typeof bundle): readonly (readonly string[])[] =>
  places(bundle[name] as ExactJson).map((place) => [name, ...place]);

/** Of a manifest the chain itself binds the root and the entries but for `required`; the rest is the guard's to bind. */
const chained = inside("manifest").filter(
  ([, name, , field]) => name === "root_chain_digest" || (name === "entries" && field !== "required"),
);

describe.each([
  ["a chain", asChain, [...inside("artifacts").slice(1), ...chained]],
  ["a guarded chain", asGuarded, [...inside("artifacts").slice(1), ...inside("manifest"), ...inside("guard")]],
])("%s", (_, verify, where) => {
  test("verifies as it is", () => {
    expect(isVerified(bundle, verify)).toBe(true);
  });

  test("any change of any bound place is refused", () => {
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<ExactJson>,
      fc.constantFrom<ExactJson>("", 0, true, false, null),
    );
    fc.assert(
      fc.property(fc.constantFrom(...where), values, (place, value) => {
        const changed = replaced(bundle, place, value);
        fc.pre(!sameExact(changed, bundle));
        expect(isVerified(changed, verify), place.join(".")).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("every bound place counts, one by one", () => {
    for (const place of where) {
      const changed = replaced(bundle, place, "another value");
      expect(isVerified(changed, verify), place.join(".")).toBe(false);
    }
  });
});
