import type { Effect } from "./governance-vocabulary.ts";
import { hasOption, operandsOf } from "./tools-options.ts";

/** `chmod`: a change; giving everyone write access or setting an id bit is more than that. */
export function chmodEffects(args: readonly string[]): readonly Effect[] {
  const opens = args.some((arg) =>
    /^[2-7][0-7]{3}$|^0?[0-7]{2}[2367]$|^[ugoa]*\+[rwx]*s|^(?:[ugoa]*o|a+|)\+[rx]*w/u.test(arg),
  );
  return opens ? ["privilege_escalation", "state_change"] : ["state_change"];
}

/** Printing lines, and plain substitutions whose flags neither write nor execute. */
const SED_PRINT = /^(?:\d+|\$)?(?:,(?:\d+|\$))?p$|^s\/[^/\n\\]*\/[^/\n\\]*\/[gpI\d]*$/u;

/** `sed` is a language: only the two commonest reading scripts count as reading. */
export function sedEffects(args: readonly string[]): readonly Effect[] {
  if (args.length === 1 && args[0] === "--version") return [];
  const options = args.filter((arg) => arg.startsWith("-"));
  const [script = ""] = operandsOf(args);
  const plain = SED_PRINT.test(script) && options.every((option) => /^(?:-[nEru]+|-i[\w.]*)$/u.test(option));
  if (plain) return options.some((option) => option.startsWith("-i")) ? ["state_change"] : [];
  return ["execution", "state_change"];
}

/** `tar`: listing reads, everything else writes; some options start programs. */
export function tarEffects(args: readonly string[]): readonly Effect[] {
  const starts = hasOption(args, [
    "-I",
    "-F",
    "--use-compress-program",
    "--to-command",
    "--checkpoint-action",
    "--info-script",
    "--new-volume-script",
    "--rsh-command",
    "--rmt-command",
  ]);
  if (starts) return ["execution", "state_change"];
  if (hasOption(args, ["--remove-files", "--delete"])) return ["destructive", "state_change"];
  const lists = /^-?t[zjJvf]*$/u.test(args[0] ?? "") || args[0] === "--list";
  return lists && args.slice(1).every((arg) => !arg.startsWith("-") || arg === "-f") ? [] : ["state_change"];
}

/** `crontab -l` reads; everything else plans execution. */
export function crontabEffects(args: readonly string[]): readonly Effect[] {
  if (args.length === 1 && args[0] === "-l") return [];
  return hasOption(args, ["-r"]) ? ["destructive", "execution", "state_change"] : ["execution", "state_change"];
}
