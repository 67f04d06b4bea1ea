import type { Command } from "commander";
import { WritError } from "@writ/canon";

/** `writ completion <shell>`: a script made from the commands that exist. */
export function completion(shell: string, program: Command): Promise<number> {
  const tree = program.commands
    .filter((command) => command.name() !== "owner")
    .map((command) => ({
      name: command.name(),
      summary: command.description(),
      inner: command.commands.map((inner) => inner.name()),
    }));
  const script = scripts[shell]?.(tree);
  if (script === undefined) throw unknownShell(shell);
  process.stdout.write(script);
  return Promise.resolve(0);
}

interface Named {
  readonly name: string;
  readonly summary: string;
  readonly inner: readonly string[];
}

const scripts: Readonly<Record<string, (tree: readonly Named[]) => string>> = { bash, zsh, fish };

function bash(tree: readonly Named[]): string {
  const cases = tree
    .filter(({ inner }) => inner.length > 0)
    .map(({ name, inner }) => `    ${name}) words="${inner.join(" ")}" ;;\n`);
  return `_writ() {
  local words="${tree.map(({ name }) => name).join(" ")}"
  if [ "$COMP_CWORD" -gt 1 ]; then
    words=""
    case "\${COMP_WORDS[1]}" in
${cases.join("")}    esac
    [ "$COMP_CWORD" -gt 2 ] && words=""
  fi
  COMPREPLY=($(compgen -W "$words --help --json --home" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _writ writ
`;
}

function zsh(tree: readonly Named[]): string {
  return `#compdef writ
_writ() {
  local -a commands
  commands=(
${tree.map(({ name, summary }) => `    '${name}:${summary.replaceAll("'", "").replaceAll(":", " ")}'\n`).join("")}  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
  else
    case "$words[2]" in
${tree
  .filter(({ inner }) => inner.length > 0)
  .map(({ name, inner }) => `      ${name}) (( CURRENT == 3 )) && compadd ${inner.join(" ")} ;;\n`)
  .join("")}      *) _files ;;
    esac
  fi
}
_writ "$@"
`;
}

function fish(tree: readonly Named[]): string {
  const lines = tree.flatMap(({ name, summary, inner }) => [
    `complete -c writ -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", "")}'`,
    ...inner.map((word) => `complete -c writ -n '__fish_seen_subcommand_from ${name}' -a ${word}`),
  ]);
  return `${lines.join("\n")}\n`;
}

function unknownShell(shell: string): WritError {
  return new WritError({
    code: "USAGE",
    message: `there is no completion for \`${shell}\``,
    reason: "bash, zsh and fish are known",
    next: "writ completion bash",
  });
}
