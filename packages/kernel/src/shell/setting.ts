import type { ShellWord } from "./shell-word.ts";

export type SettingEffect = "harmless" | "unknown" | "runs";

/** Keys that name a program, a file of code or another place to read settings from. */
const RUNS =
  /command|cmd|exec|hook|program|pager|editor|alias|include|helper|proxy|filter|driver|textconv|external|askpass|fsmonitor|sshcommand|path|tool|script|plugin|preload|shell|browser|uploadpack|receivepack|gpg|worktree|submodule|insteadof|allow$|template/i;

/** Keys of `git -c` and `ssh -o` that change how something looks or waits. */
const HARMLESS =
  /^(?:user\.(?:name|email)|color\.[\w.]+|advice\.\w+|core\.(?:quotepath|autocrlf|abbrev|commentchar|bigfilethreshold|longpaths|filemode|ignorecase)|init\.defaultbranch|log\.\w+|diff\.(?:renames|renamelimit|context|algorithm|mnemonicprefix|noprefix|color\w*)|status\.\w+|merge\.conflictstyle|pull\.(?:rebase|ff)|push\.default|rebase\.(?:autosquash|autostash)|commit\.gpgsign|tag\.gpgsign|gc\.auto|pack\.\w+|fetch\.prune|http\.(?:version|postbuffer|lowspeed\w+)|protocol\.version|(?:connecttimeout|serveraliveinterval|serveralivecountmax|batchmode|loglevel|port|user|compression|requesttty|identitiesonly|identityfile|stricthostkeychecking|userknownhostsfile|addressfamily|connectionattempts|logverbose|preferredauthentications|passwordauthentication|pubkeyauthentication))$/i;

/** What `key=value` given on a command line brings about. */
export function settingEffect(word: ShellWord): SettingEffect {
  const known = word.text ?? word.prefix;
  const key = /^\s*([^=\s]+)(?:\s*[=\s])?/.exec(known)?.[1];
  if (key === undefined || (word.text === null && !/[=\s]/.test(known))) return "runs";
  if (/^(?:core\.)?pager(?:\.\w+)?$/i.test(key) && /[=](?:|cat|less|more|false)$/.test(word.text ?? "?"))
    return "harmless";
  if (HARMLESS.test(key)) return "harmless";
  return RUNS.test(key) ? "runs" : "unknown";
}
