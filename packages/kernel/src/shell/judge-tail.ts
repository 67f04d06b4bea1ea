import { judgeWrapped, readShellText, type Call } from "./call.ts";
import { baseName } from "./made-files.ts";
import type { ShellWord } from "./shell-word.ts";

/** Programs that do harm or start others, and are not met as plain words by accident. */
const ACTORS =
  /^(?:rm|rmdir|shred|dd|mkfs(?:\.\w+)?|wipefs|truncate|sudo|doas|su|sh|bash|dash|ash|zsh|ksh|fish|pwsh|busybox|curl|wget|nc|ncat|socat|ssh|scp|rsync|eval|xargs|find|chmod|chown|kill|pkill|killall|shutdown|reboot|env|nohup|setsid|mv|tee|git|docker|kubectl|crontab|at|systemctl|iptables|mount|umount)$/;

/** Interpreters, which are often named as what is installed: they need something after them. */
const INTERPRETERS = /^(?:python[\d.]*|node|perl|ruby|php|lua|osascript|deno|bun|tsx|ts-node|awk|sed)$/;

/**
 * A program that runs other code may run its own words: `poetry run rm x`, `hyperfine 'rm x'`, and any wrapper that
 * is not listed. From the first word that names an actor on, the words are judged as a command as well.
 */
export function judgeTail(words: readonly ShellWord[], call: Call): void {
  for (const [at, word] of words.entries()) {
    if (word.text === null) continue;
    const [first = ""] = word.text.trim().split(/\s+/);
    const name = baseName(first);
    const acts = ACTORS.test(name) || (INTERPRETERS.test(name) && (at + 1 < words.length || first !== word.text));
    if (!acts) continue;
    if (first !== word.text) readShellText(call, word.text, call.name, word);
    else return judgeWrapped(call, words.slice(at), call.name, false);
  }
}
