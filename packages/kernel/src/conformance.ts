export { CASES_BYTES_MAX, parseConformanceCases } from "./compat/conformance-cases.ts";
export { runConformance, verdictText } from "./compat/conformance.ts";
export type { CaseResult, CaseVerdict, ConformanceReport } from "./compat/conformance.ts";
