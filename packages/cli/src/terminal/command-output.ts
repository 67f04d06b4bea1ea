/** Where a command's output goes; a terminal is one that says so. */
export interface Screen {
  readonly isTTY?: boolean;
  write(bytes: Uint8Array | string): unknown;
}

export interface CommandOutput {
  readonly write: (chunk: Uint8Array) => void;
  /** Nothing more comes: what was held back is shown, and colours of the command's end. */
  readonly end: () => void;
}

/**
 * Hands a command's output on as it is, but for a terminal: there only text, line ends and colours pass, and everything
 * else that would control it is shown instead of obeyed. A command could else write the clipboard, answer its own questions
 * through the keyboard, or hide and forge the receipt that follows.
 */
export function commandOutput(screen: Screen): CommandOutput {
  if (screen.isTTY !== true) return { write: (chunk) => void screen.write(chunk), end: () => undefined };
  let held = "";
  let coloured = false;
  const show = (text: string): void => {
    const safe = text.replaceAll(CONTROL, shown);
    coloured ||= safe.includes("\u001b");
    screen.write(Buffer.from(safe, "latin1"));
  };
  return {
    write: (chunk) => {
      const text = held + Buffer.from(chunk).toString("latin1");
      held = UNFINISHED.exec(text)?.[0] ?? "";
      show(text.slice(0, text.length - held.length));
    },
    end: () => {
      show(held);
      held = "";
      if (coloured) screen.write("\u001b[0m");
    },
  };
}

/** One character per byte. A colour or a style (SGR, ECMA-48 §8.3.117); a control character, alone or as UTF-8. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /\u001b\[[0-9;:]{0,64}m|[\0-\u0008\u000b\u000c\u000e-\u001f\u007f]|\u00c2[\u0080-\u009f]/g;
/** What the next chunk may make a colour, or a control character, of. */
// oxlint-disable-next-line no-control-regex -- as above
const UNFINISHED = /(?:\u001b(?:\[[0-9;:]{0,64})?|\u00c2)$/;

function shown(control: string): string {
  if (control.endsWith("m")) return control;
  const code = control.charCodeAt(control.length - 1).toString(16);
  return `\\x${code.padStart(2, "0")}`;
}
