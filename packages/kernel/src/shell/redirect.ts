import type { HereDoc, Redirect, Redirection } from "unbash";
import type { Draft } from "./analysis.ts";
import { makesFile } from "./made-files.ts";
import { isSecretPath, writeEffect } from "./paths.ts";
import type { RedirectionShape } from "./report.ts";
import { resolveHere } from "./resolve-here.ts";
import { isSubscriptCode } from "./subscript.ts";
import type { ShellWord } from "./shell-word.ts";
import { UNKNOWN_STDIN, type Stdin } from "./stdin.ts";
import type { Walk } from "./walk-place.ts";

/** Adds one redirection to a command; returns what the command reads from then on. */
export function addRedirection(redirection: Redirection, stdin: Stdin, draft: Draft, walk: Walk): Stdin {
  if (redirection.type === "HereDoc") {
    draft.redirections.push({ mode: "here_document", target: null });
    return hereDocumentStdin(redirection);
  }
  const [word] = redirection.target === undefined ? [] : resolveHere(redirection.target, walk);
  if (word === undefined) return UNKNOWN_STDIN;
  if (isSecretPath(word)) draft.effects.add("sensitive_read");
  if (redirection.type === "HereString") {
    if (isSubscriptCode(word.text ?? "")) walk.analysis.unseen("dynamic_code", word.span);
    draft.redirections.push({ mode: "here_document", target: null });
    return word.text === null ? UNKNOWN_STDIN : { kind: "text", text: word.text };
  }
  return addFile(redirection, word, stdin, draft, walk);
}

/** The text of a here-document, unless something in it is computed. */
export function hereDocumentStdin({ body, delimiter }: HereDoc): Stdin {
  const computed = body.parts?.some(({ type }) => type !== "Literal") ?? false;
  const escaped = delimiter?.quoted !== true && body.text.includes("\\");
  return computed || escaped ? UNKNOWN_STDIN : { kind: "text", text: body.text };
}

function addFile(redirect: Redirect, word: ShellWord, stdin: Stdin, draft: Draft, walk: Walk): Stdin {
  const mode = modeOf(redirect, word);
  draft.redirections.push({ mode, target: word.text });
  const fromFile = mode === "read" || mode === "read_write" || (mode === "duplicate" && redirect.operator === "<&");
  if (mode === "duplicate") return fromFile && redirect.descriptor === undefined ? UNKNOWN_STDIN : stdin;
  const opened = writeEffect(word);
  if (mode !== "read") {
    draft.effects.add(opened);
    makesFile(word, walk.analysis);
  } else if (opened === "network") draft.effects.add("network");
  else if (word.text === null && !word.traced) draft.effects.add("sensitive_read");
  return fromFile ? UNKNOWN_STDIN : stdin;
}

function modeOf({ operator }: Redirect, word: ShellWord): RedirectionShape["mode"] {
  switch (operator) {
    case "<":
      return "read";
    case "<>":
      return "read_write";
    case ">>":
    case "&>>":
      return "append";
    case "<&":
      return "duplicate";
    case ">&":
      return /^(?:\d+-?|-)$/.test(word.text ?? "") ? "duplicate" : "write";
    default:
      return "write";
  }
}
