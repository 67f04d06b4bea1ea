import type { ReviewRecord } from "./review-record.ts";

/** One line for a person or a log. */
export function reviewLine({ verdict, summary }: ReviewRecord): string {
  return `review_bundle:${verdict}:${String(summary.artifact_count)}:${summary.root_chain_digest}`;
}

/** The review for people; what it does not claim stands last. */
export function reviewReport(record: ReviewRecord): string {
  const { summary } = record;
  return [
    "# Review",
    "",
    `\`${reviewLine(record)}\``,
    "",
    `- review: ${record.review_id}, ${record.generated_at}`,
    `- targets: ${summary.target_hosts.map(code).join(", ") || "none"}`,
    "",
    "| check | status | detail |",
    "|---|---|---|",
    ...record.checks.map(({ name, status, detail }) => `| ${name} | ${status} | ${cell(detail)} |`),
    "",
    "This review does not claim:",
    "",
    ...record.non_claims.map((claim) => `- ${claim}`),
    "",
  ].join("\n");
}

/** Text of unknown origin as inline code: it ends no code, no cell and no line. */
function code(text: string): string {
  return `\`${cell(text).replaceAll("`", "'")}\``;
}

function cell(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]/g, " ").replaceAll("|", "\\|");
}
