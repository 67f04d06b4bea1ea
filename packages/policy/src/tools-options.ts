/** Reading option lists the careful way: doubt counts as present. */

/** The options before `--`. */
export function optionsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).filter((arg) => arg.startsWith("-") && arg !== "-");
}

/** Arguments that are no options, as far as can be told without knowing which options take values. */
export function operandsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  if (end < 0) return args.filter((arg) => !arg.startsWith("-") || arg === "-");
  return [...args.slice(0, end).filter((arg) => !arg.startsWith("-") || arg === "-"), ...args.slice(end + 1)];
}

/**
 * True when an option of `args` is, or may be short for, one of `names`: long ones with their dashes, also abbreviated
 * as GNU tools allow; single letters anywhere in a cluster (`-uo` holds `-o`).
 */
export function hasOption(args: readonly string[], names: readonly string[]): boolean {
  return optionsOf(args).some((option) => names.some((name) => mayMean(option, name)));
}

function mayMean(option: string, name: string): boolean {
  if (name.startsWith("--")) {
    const [given = ""] = option.split("=", 1);
    return given.length > 2 && given.startsWith("--") && name.startsWith(given);
  }
  if (name.length === 2) return !option.startsWith("--") && option.includes(name.slice(1), 1);
  return option === name || option.startsWith(`${name}=`);
}
