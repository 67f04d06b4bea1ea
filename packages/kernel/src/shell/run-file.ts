import { unseen, type Call } from "./call.ts";
import { isMade } from "./made-files.ts";
import type { ShellWord } from "./shell-word.ts";

/** A file whose content is run: seen as code of the project, unless the line itself brought it here. */
export function runFile(call: Call, file: ShellWord): void {
  call.draft.effects.add("executes_code");
  if (file.text === null) {
    unseen(call, file.prefix.startsWith("/dev/fd/") ? "stdin_code" : "dynamic_code", file);
    return;
  }
  if (/^(?:-|\/dev\/(?:stdin|fd\/.*|tcp\/.*|udp\/.*|tty)|\/proc\/.*)$/.test(file.text))
    unseen(call, "stdin_code", file);
  else if (/^[a-z][a-z0-9+.-]*:/i.test(file.text)) unseen(call, "fetched_code", file);
  else if (isMade(file.text, call.analysis)) unseen(call, "fetched_code", file);
}
