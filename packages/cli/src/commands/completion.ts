import type { Command } from "commander";
import { WritError } from "@writ/canon";
import { outputFor, type CommonOptions } from "../command.ts";

/** `writ completion <shell>`: a script made from the commands that exist. */
export function completion(shell: string, program: Command, options: CommonOptions): Promise<number> {
  const write = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (write === undefined) throw unknownShell(shell);
  const script = write(placesOf(program, []));
  if (options.json === true) outputFor(options).result({ shell, script }, () => []);
  else process.stdout.write(script);
  return Promise.resolve(0);
}

/** A place on the command line, and what may come there. */
interface Place {
  /** The words before it, without `writ`. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly string[];
}

const SCRIPTS: Readonly<Record<string, (places: readonly Place[]) => string>> = { bash, zsh, fish };

/** Innermost first, so that the first one that fits a command line is the right one. */
function placesOf(command: Command, path: readonly string[]): readonly Place[] {
  const help = command.createHelp();
  const inner = help.visibleCommands(command).filter((one) => one.name() !== "help");
  const place = {
    path: path.join(" "),
    commands: inner.map((one) => ({ name: one.name(), summary: one.description().replaceAll(/['":]/g, " ") })),
    options: help.visibleOptions(command).flatMap(({ long }) => long ?? []),
  };
  return [...inner.flatMap((one) => placesOf(one, [...path, one.name()])), place];
}

function wordsOf({ commands, options }: Place): string {
  return [...commands.map(({ name }) => name), ...options].join(" ");
}

/** Where words of the caller's own may follow, the shell completes files as ever. */
function patternOf({ path, commands }: Place): string {
  return commands.length > 0 ? `"${path}"` : `"${path}" | "${path} "*`;
}

function bash(places: readonly Place[]): string {
  return `_writ() {
  local words="" before="\${COMP_WORDS[*]:1:COMP_CWORD-1}" current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  case "$before" in
    *" --" | *" -- "*) return ;;
${places.map((place) => `    ${patternOf(place)}) words="${wordsOf(place)}" ;;\n`).join("")}  esac
  case "$current" in
    -*) ;;
    *) words=" $words "; words="\${words// --*/}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _writ writ
`;
}

function zsh(places: readonly Place[]): string {
  const cases = places.map((place) => {
    const described = place.commands.map(({ name, summary }) => `'${name}:${summary}'`).join(" ");
    const add = place.commands.length > 0 ? `commands=(${described}); _describe command commands` : "_files";
    return `    ${patternOf(place)}) [[ $PREFIX == -* ]] && compadd -- ${place.options.join(" ")} || { ${add} } ;;\n`;
  });
  return `#compdef writ
_writ() {
  local before="\${(j: :)words[2,CURRENT-1]}"
  local -a commands
  case "$before" in
    *" --" | *" -- "*) _files ;;
${cases.join("")}  esac
}
if [ "$funcstack[1]" = "_writ" ]; then _writ "$@"; else compdef _writ writ; fi
`;
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap((place) => {
    const at = `-n '${place.commands.length > 0 ? "__writ_at" : "__writ_in"} "${place.path}"'`;
    return [
      ...place.commands.map(({ name, summary }) => `complete -c writ -f ${at} -a ${name} -d '${summary}'`),
      ...place.options.map((long) => `complete -c writ ${at} -l ${long.slice(2)}`),
    ];
  });
  return `function __writ_at
    test (string join ' ' (commandline -opc)[2..]) = "$argv"
end
function __writ_in
    string match -q -- "$argv *" (string join ' ' (commandline -opc)[2..])" "
end
${lines.join("\n")}
`;
}

function unknownShell(shell: string): WritError {
  return new WritError({
    code: "USAGE",
    message: `there is no completion for \`${shell}\``,
    reason: "bash, zsh and fish are known",
    next: "writ completion bash",
  });
}
