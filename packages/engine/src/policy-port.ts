import type { SourceFile } from "@writ/policy";

/** A policy set as text: what is pinned, recorded and loaded. */
export interface PolicySetSource {
  /** `shipped` activates itself in a fresh log; `operator` waits for `activatePolicies`. */
  readonly origin: "shipped" | "operator";
  /** Text of the Cedar schema. */
  readonly schema: string;
  readonly files: readonly SourceFile[];
}
