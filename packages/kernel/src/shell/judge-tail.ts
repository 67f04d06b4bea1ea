import { judgeWrapped, readShellText, unseen, type Call } from "./call.ts";
import { baseName } from "./made-files.ts";
import type { ShellWord } from "./shell-word.ts";

/** Programs that do harm or start others, and are not met as plain words by accident. */
const ACTORS =
  /^(?:rm|rmdir|shred|dd|mkfs(?:\.\w+)?|wipefs|truncate|sudo|doas|su|curl|wget|nc|ncat|socat|ssh|scp|rsync|eval|xargs|find|chmod|chown|kill|pkill|killall|shutdown|reboot|env|nohup|setsid|mv|tee|git|docker|kubectl|crontab|at|systemctl|iptables|mount|umount)$/;

/** Shells and interpreters, which are often named as what is installed: they need something to run. */
const STARTERS =
  /^(?:sh|bash|dash|ash|zsh|ksh|fish|pwsh|busybox|python[\d.]*|node|perl|ruby|php|lua|osascript|deno|bun|tsx|ts-node|awk|sed)$/;

/**
 * A program that runs other code may run its own words: `poetry run rm x`, `hyperfine 'rm x'`, and any wrapper that
 * is not listed. From the first word that names an actor on, the words are judged as a command as well.
 */
export function judgeTail(words: readonly ShellWord[], call: Call): void {
  let started = false;
  for (const [at, word] of words.entries()) {
    if (word.text === null) continue;
    if (EVALUATES.test(word.text)) readsCode(words[at + 1], call);
    const [first = ""] = word.text.trim().split(/\s+/);
    const name = baseName(first);
    const more = at + 1 < words.length || first !== word.text || call.frame.stdin.kind !== "inherited";
    const acts = ACTORS.test(name) || (more && STARTERS.test(name));
    if (!acts) continue;
    if (first !== word.text) readShellText(call, word.text, call.name, word);
    else if (!started) {
      started = true;
      judgeWrapped(call, words.slice(at), call.name, false);
    }
  }
}

/** Options and words by which programs take code. */
const EVALUATES = /^(?:-e|-E|-eval|--eval|--exec|--expr|--expression|--evaluate|eval)$/;

function readsCode(word: ShellWord | undefined, call: Call): void {
  if (word !== undefined && !/^[\w./@:=,+[\]-]*$/.test(word.text ?? "$")) unseen(call, "foreign_code", word);
}
