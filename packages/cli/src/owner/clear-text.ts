import { WritError } from "@writ/canon";
import { holdsKnownSecret } from "@writ/kernel/security";
import type { ClearTextFinding, ClearTextLint } from "@writ/ledger";

/** Places that were warned of already; with more, the log of warnings would grow with the log of entries. */
const WARNINGS_MAX = 100;

/**
 * The lint for personal data and secrets in what the log keeps in clear (spec ledger.md §9): WRIT_CLEAR_TEXT is
 * `strict`, or `warn` as when it is not set. Each place is warned of once.
 */
export function clearTextLint(mode: string | undefined, warn: (line: string) => void): ClearTextLint {
  const warned = new Set<string>();
  const found = ({ id, kind, path, shape }: ClearTextFinding): void => {
    const place = `${kind} ${path}`;
    if (warned.has(place) || warned.size >= WARNINGS_MAX) return;
    warned.add(place);
    warn(
      `writ: \`${path}\` of the \`${kind}\` ${id} looks like personal data or a secret (${shape}), and cannot be erased`,
    );
  };
  return { mode: modeOf(mode), isSecret: holdsKnownSecret, found };
}

function modeOf(mode = "warn"): ClearTextLint["mode"] {
  if (mode === "warn" || mode === "strict") return mode;
  throw new WritError({
    code: "USAGE",
    message: `\`${mode}\` in WRIT_CLEAR_TEXT is no mode`,
    reason: "what looks like personal data in clear is refused (`strict`) or warned of (`warn`)",
    next: "set it to `strict` or `warn`, or unset it",
  });
}
