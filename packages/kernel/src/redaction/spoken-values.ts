import { secretRole } from "./secret-role.ts";
import type { Span } from "./span.ts";
import { valueAt } from "./value-end.ts";

/** Values that follow their name without a separator: after flags, in elements, in sentences and statements. */
export function spokenSpans(text: string): readonly Span[] {
  return [...flagSpans(text), ...userSpans(text), ...elementSpans(text), ...phraseSpans(text)];
}

/** `--password x`, `-b name=value`, and a name that only settings have: `aws_secret_access_key x`. */
function flagSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const { 0: flag, 1: name = "", index } of text.matchAll(/(?<![\w-])--?([A-Za-z][\w.-]{0,63})["']?\s{1,16}/g)) {
    const { start, end } = valueAt(text, index + flag.length);
    if (secretRole(name) !== undefined || (name === "b" && text.slice(start, end).includes("=")))
      spans.push({ start, end });
  }
  for (const { 0: words, 1: name = "", index } of text.matchAll(SETTING)) {
    if (secretRole(name) !== undefined) spans.push(valueAt(text, index + words.length));
  }
  return spans;
}

/** A name with `_` in it, white space, and what is no plain word. */
const SETTING =
  /(?<![\w-])([A-Za-z][A-Za-z0-9]{0,31}(?:_[A-Za-z0-9]{1,31}){1,7})[ \t]{1,16}(?=["']|[^\s"'=:|,.;]{0,64}[0-9A-Z!@#$%^&*+~\\-])/g;

/** `-u name:password` of curl and its kin, `-U name%password` of Samba's, apart from the flag or not. */
function userSpans(text: string): readonly Span[] {
  return [...text.matchAll(USER)].map(({ 0: all, 1: password = "", index }) => ({
    start: index + all.length - password.length,
    end: index + all.length,
  }));
}

const USER =
  /(?<![\w-])(?:-u|-U|--user|--proxy-user|--auth)(?:\s{1,16}|=)?["']?[^\s"':%=]{1,128}[:%]([^\s"'`]{1,1024})/g;

/** Texts whose name stands in another mark before them: elements, property lists, forms, variables of Terraform. */
function elementSpans(text: string): readonly Span[] {
  return ELEMENTS.flatMap((form) => [...text.matchAll(form)])
    .filter(({ 1: name = "" }) => secretRole(name) !== undefined)
    .map(({ 0: all, 2: value = "", index }) => ({ start: index + all.length - value.length, end: index + all.length }));
}

const ELEMENTS: readonly RegExp[] = [
  /<([A-Za-z][\w:.-]{0,63})(?:\s[^<>]{0,256})?>([^<]+)/g,
  /<key>([^<]{1,64})<\/key>\s{0,64}<(?:string|data)>([^<]+)/g,
  /\bname="([^"\r\n]{1,64})"[^\r\n]{0,256}\r?\n(?:[^\r\n]{1,256}\r?\n){0,4}\r?\n([^\r\n]+)/g,
  /"\w{0,32}(?:name|key|label|type|header|field)"\s{0,8}:\s{0,8}"([^"\\]{1,64})"\s{0,8},\s{0,8}"\w{0,32}(?:value|raw|data|content|text)"\s{0,8}:\s{0,8}"([^"\\]*(?:\\.[^"\\]*)*)/gi,
  /\bvariable\s{1,4}"([^"\r\n]{1,64})"\s{0,4}\{[^{}]{0,512}?\bdefault\s{0,16}=\s{0,16}("[^"\r\n]*)/g,
];

/** `password is x`, `WITH PASSWORD 'x'`, `login x password y`, `sshpass -p x`, `Bearer x`. */
function phraseSpans(text: string): readonly Span[] {
  return [...text.matchAll(SPOKEN)].map(({ 0: all, index }) => {
    const from = index + all.length;
    const { start, end } = valueAt(text, from);
    return { start, end };
  });
}

const SPOKEN = new RegExp(
  [
    String.raw`\b(?:[Pp]assword|PASSWORD|[Pp]asswd|[Pp]assphrase|[Ss]ecret|[Tt]oken)\s{1,4}(?:is|was)\s{1,4}(?=["'\x60]|[^\s"'\x60,;]{0,64}[^a-z\s.,;"'\x60])`,
    String.raw`\b(?:[Pp]assword|PASSWORD|[Ii]dentified [Bb]y|IDENTIFIED BY|ConvertTo-SecureString(?: -String)?)\s{1,4}(?=["'])`,
    String.raw`\blogin\s{1,16}\S{1,128}\s{1,16}password\s{1,16}`,
    String.raw`\b(?:ENV|ARG|setenv|set|SET)[ \t]{1,4}(?:[A-Z]{1,32}_){0,7}(?:PASSWORD|PASSWD|PASS|TOKEN|SECRET|KEY)[ \t]{1,4}(?!-)`,
    String.raw`\b(?:requirepass|masterauth|rootpw|enable secret|enable password|snmp-server community)[ \t]{1,4}(?:\d [ \t]{0,4})?`,
    String.raw`\bgh secret set [^\n|;&]{0,256}?(?:-b|--body)[ =]`,
    String.raw`\bhtpasswd\b[^\n|;&]{0,64}?\s-\w{0,8}b\w{0,8}\s{1,4}\S{1,256}\s{1,4}\S{1,256}\s{1,4}`,
    String.raw`\becho\s{1,4}(?:-n\s{1,4})?(?=[^\n|]{1,256}\|[^\n|]{0,256}?(?:--password-stdin|chpasswd|sudo -S))`,
    String.raw`\bsshpass\s{1,4}-p\s{0,4}`,
    String.raw`\b(?:mysql|mysqldump|mysqladmin|mariadb|7z)\b[^\n|;&]{0,256}?\s-p(?=[^\s-])`,
    String.raw`\b(?:docker|podman|buildah|skopeo|oc|mongo|mongosh|mongodump|az)\b[^\n|;&]{0,256}?\s-p[ =]`,
    String.raw`\bredis-cli\b[^\n|;&]{0,256}?\s-a[ =]`,
    String.raw`\bldap[a-z]{1,16}\b[^\n|;&]{0,256}?\s-w[ =]?`,
    String.raw`\b(?:zip|unzip)\b[^\n|;&]{0,256}?\s-P[ =]?`,
    String.raw`\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC|[Nn]egotiate|[Aa]pi[Kk]ey)\s{1,4}(?=[A-Za-z0-9._~+/=-]{6})(?=.[A-Za-z._~+/=-]{0,64}[0-9A-Z=+/_])`,
  ].join("|"),
  "g",
);
