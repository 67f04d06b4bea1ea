import { recogniseEffects } from "./effects.ts";
import type { Effect } from "./governance-vocabulary.ts";
import { isAsking } from "./tools-subcommands.ts";

/** Command lines of services: all of them reach outside, and their verbs are English. */
const CLOUD = new Set(
  "aws gcloud gsutil bq az gh glab heroku flyctl fly vercel netlify wrangler doctl linode-cli s3cmd mc stripe solana cast".split(
    " ",
  ),
);

const READING =
  /^(?:list|ls|describe|get|view|show|status|head|search|read|info|version|whoami|help|checks)(?:-[a-z-]+)?$/u;

/** Longer lines hold no more verbs; the recogniser has its own bound. */
const TEXT_MAX = 4_096;

/**
 * Effects of a cloud service's command line, or undefined when `program` is none: outside access, what its words
 * say, and execution with change where no word says that it only reads.
 */
export function cloudEffects(program: string, args: readonly string[]): readonly Effect[] | undefined {
  if (!CLOUD.has(program)) return undefined;
  if (isAsking(args)) return [];
  const words = args.filter((arg) => !arg.startsWith("-"));
  const spoken = recogniseEffects(words.join(" ").slice(0, TEXT_MAX));
  const reads = words.slice(0, 3).some((word) => READING.test(word));
  const secret: readonly Effect[] = words.some((word) => /secret|token|credential|password|kms|iam/u.test(word))
    ? ["sensitive_data"]
    : [];
  const change: readonly Effect[] = reads ? [] : ["execution", "outbound", "state_change"];
  return ["external_access", ...spoken, ...secret, ...change];
}
