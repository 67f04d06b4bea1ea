import { applyRole } from "../apply-tool.ts";
import { record, type Call } from "../call.ts";
import { literalWord } from "../shell-word.ts";

/** `dd if=… of=…`: overwrites what `of` names. */
export function dd(call: Call): void {
  for (const word of call.args) {
    const known = word.text ?? word.prefix;
    if (known.startsWith("of=")) {
      call.draft.effects.add("destructive");
      if (word.text !== null) applyRole("write", literalWord(word.text.slice(3), word.span), call, "dd");
      else call.analysis.madeUnnamed = true;
    } else if (!/^(?:if|bs|ibs|obs|cbs|count|skip|seek|conv|iflag|oflag|status|iseek|oseek)=/.test(known))
      call.draft.effects.add("destructive");
    else if (known.startsWith("if=") && (word.text === null || word.text.startsWith("if=/dev/"))) {
      if (!/^if=\/dev\/(?:zero|null|u?random)$/.test(word.text ?? "")) call.draft.effects.add("sensitive_read");
    }
  }
  record(call);
}
