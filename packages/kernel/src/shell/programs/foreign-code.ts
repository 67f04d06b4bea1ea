/** Names that print, measure and read data, in the languages people write one-liners in. */
const NAMES =
  /^(?:print|println|puts|p|echo|printf|say|import|from|as|in|for|if|else|not|and|or|len|str|int|float|range|sorted|sum|min|max|round|sys|version|version_info|__version__|__name__|platform|executable|json|load|loads|dump|dumps|stdin|stdout|read|indent|math|pi|sqrt|time|datetime|now|utcnow|isoformat|uuid|uuid4|secrets|token_hex|token_urlsafe|random|randint|randomBytes|toString|crypto|console|log|process|versions|arch|node|v8|JSON|stringify|parse|Math|Date|new|require|package|name|main|dependencies|devDependencies|scripts|os|EOL|cpus|length|keys|Object|map|join|split|get|items|upper|lower|RUBY_VERSION|PHP_VERSION|True|False|None|true|false|null|undefined|[a-z]|numpy|pandas|torch|django|flask|requests|yaml|cuda|is_available)$/;

/**
 * Whether a one-liner in another language is made of nothing but plain words, numbers, literals and punctuation:
 * then it prints. Everything else in another language is not read here.
 */
export function isPlainCode(code: string): boolean {
  if (code.length > 400) return false;
  const rest = code.replace(/'(?:[^'\\\n]|\\n)*'|"(?:[^"\\\n$`#]|\\n)*"/g, (text) =>
    isPlainText(text) ? " " : "\u0000",
  );
  if (/[^\w\s()[\]{},.:;+*/%<>=!&|?-]/.test(rest)) return false;
  return (rest.match(/[A-Za-z_]\w*/g) ?? []).every((name) => NAMES.test(name));
}

/** A text that names no module or attribute of danger: `require("child_process")` is nothing plain. */
function isPlainText(text: string): boolean {
  const inner = text.slice(1, -1);
  return (
    /^(?:\.\/package\.json|\.\/package|os|crypto|utf-?8|[\w .,:!?%\\\n-]*)$/.test(inner) &&
    !/process$|_$|^__|exec|eval|system|vm$|^(?:fs|net|http|https|repl|module|worker_threads|cluster|dns|tls)$/.test(
      inner,
    )
  );
}
