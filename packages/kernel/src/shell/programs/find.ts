import { applyRole } from "../apply-tool.ts";
import { judgeWrapped, record, unseen, type Call } from "../call.ts";
import { isWholePlace } from "../paths.ts";
import { computedWord, type ShellWord } from "../shell-word.ts";

/** Tests and actions of find that change nothing, by the number of words they take. */
const HARMLESS: ReadonlyMap<string, number> = new Map([
  ..."-print -print0 -ls -prune -quit -true -false -daystart -depth -d -follow -mount -xdev -nouser -nogroup -empty -executable -readable -writable -noleaf -ignore_readdir_race -noignore_readdir_race -warn -nowarn -not -and -or -a -o -X -x -s"
    .split(" ")
    .map((name) => [name, 0] as const),
  ..."-name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname -type -xtype -size -maxdepth -mindepth -mtime -atime -ctime -mmin -amin -cmin -newer -anewer -cnewer -perm -user -group -uid -gid -inum -links -samefile -fstype -used -regextype -printf -context -newermt -newerct -neweraa -newerac -neweram -newerat -newerca -newercc -newercm -newerma -newermc -newermm"
    .split(" ")
    .map((name) => [name, 1] as const),
]);

const EXECUTES = /^-(?:exec|execdir|ok|okdir)$/;
const WRITES_FILE: ReadonlyMap<string, number> = new Map([
  ["-fprint", 1],
  ["-fprint0", 1],
  ["-fls", 1],
  ["-fprintf", 2],
]);

/** find's expression is a program: every primary is known, or the command is opaque. */
export function find(call: Call): void {
  const { args } = call;
  let at = 0;
  while (/^-(?:[HLPEXdsx]|O\d|D)$/.test(args[at]?.text ?? "")) at += args[at]?.text === "-D" ? 2 : 1;
  const starts = args.findIndex((word, index) => index >= at && isExpression(word));
  const places = args.slice(at, starts === -1 ? args.length : starts);
  readPlaces(call, places);
  at = starts === -1 ? args.length : starts;
  while (at < args.length) {
    const used = readPrimary(call, args, at, places);
    if (used === 0) break;
    at += used;
  }
  record(call);
}

function isExpression({ text, prefix }: ShellWord): boolean {
  return /^(?:-.|[(),!]$)/.test(text ?? prefix);
}

function readPlaces(call: Call, places: readonly ShellWord[]): void {
  for (const place of places) {
    if (place.text === null && place.several && !place.glob) unseen(call, "dynamic_option", place);
    // A file may be named like an action.
    else if (place.text === null && place.prefix === "" && (place.glob || !place.traced))
      call.draft.effects.add("destructive");
    if (isWholePlace(place)) call.draft.effects.add("sensitive_read");
  }
}

/** How many words the primary took; 0 when it cannot be read, and then neither can the rest. */
function readPrimary(call: Call, args: readonly ShellWord[], at: number, places: readonly ShellWord[]): number {
  const word = args[at] as ShellWord;
  const name = word.text;
  if (name === null) return hidden(call, word);
  if (/^[(),!]$/.test(name)) return 1;
  const harmless = HARMLESS.get(name);
  if (harmless !== undefined) {
    const value = args[at + 1];
    if (harmless === 1 && (value === undefined || (value.several && !value.glob))) return hidden(call, value ?? word);
    return 1 + harmless;
  }
  if (name === "-delete") {
    call.draft.effects.add("destructive");
    return 1;
  }
  const written = WRITES_FILE.get(name);
  if (written !== undefined) {
    const target = args[at + 1];
    if (target === undefined) return hidden(call, word);
    applyRole("write", target, call, "find");
    return 1 + written;
  }
  return EXECUTES.test(name) ? readExec(call, args, at, places) : hidden(call, word);
}

function hidden(call: Call, word: ShellWord): 0 {
  unseen(call, word.text === null ? "dynamic_option" : "unknown_option", word);
  return 0;
}

function readExec(call: Call, args: readonly ShellWord[], at: number, places: readonly ShellWord[]): number {
  const end = args.findIndex(
    (word, index) => index > at && (word.text === ";" || (word.text === "+" && args[index - 1]?.text === "{}")),
  );
  const first = args[at] as ShellWord;
  if (end === -1) return hidden(call, first);
  const words = args.slice(at + 1, end).map((word) => withFoundName(word, places));
  if (words.length === 0) return hidden(call, first);
  judgeWrapped(call, words, `find ${first.text ?? ""}`, false);
  return end - at + 1;
}

/** `{}` is a path that begins as the starting point does. */
function withFoundName(word: ShellWord, places: readonly ShellWord[]): ShellWord {
  const at = word.text?.indexOf("{}") ?? -1;
  if (word.text === null || at === -1) return word;
  const [place] = places;
  const start = places.length === 0 ? "./" : places.length === 1 ? (place?.text ?? place?.prefix ?? "") : "";
  const prefix = at === 0 ? start : word.text.slice(0, at);
  return computedWord(prefix, word.span, { suffix: word.text.slice(at + 2), traced: true, raw: word.raw });
}
