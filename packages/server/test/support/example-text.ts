/** Makes what a real server answered the same in every run: ids, digests, times and keys become fixed ones. */
export class Stable {
  readonly #known = new Map<string, string>();

  text(text: string): string {
    return text
      .replaceAll(/writ_(operator|agent|viewer)_[\w-]{43}/g, "writ_$1_…")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) =>
        this.#numbered(id, (at) => `01a1fdf9-4228-7000-8000-${String(at).padStart(12, "0")}`),
      )
      .replaceAll(/\b[0-9a-f]{64}\b/g, (digest) => this.#numbered(digest, (at) => `${String(at).padStart(4, "0")}…`))
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "2026-11-21T12:00:00.000Z")
      .replaceAll(/"age_ms": \d+/g, '"age_ms": 2')
      .replaceAll(/writ\.local\/[0-9a-f]{16}/g, "writ.local/4f1c…")
      .replaceAll(/[A-Za-z0-9+/]{40,}={0,2}/g, "kX3q…");
  }

  #numbered(text: string, format: (at: number) => string): string {
    const kind = text.includes("-") ? "id" : "digest";
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const at = [...this.#known.keys()].filter((key) => key.includes("-") === (kind === "id")).length + 1;
    const made = format(at);
    this.#known.set(text, made);
    return made;
  }
}

/** JSON as a reader takes it in: what lies deeper than `depth` and what is long is cut to `…`. */
export function shortened(value: unknown, depth = 2, indent = ""): string {
  if (typeof value === "string" && value.length > 90) return JSON.stringify(`${value.slice(0, 80)}…`);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  if (members.length === 0) return `${open}${close}`;
  if (depth === 0) return `${open}…${close}`;
  const inner = `${indent}  `;
  const shown = isList ? members.slice(0, 1) : members;
  const lines = shown.map(([key, member]) => {
    const text = shortened(member, depth - 1, inner);
    return isList ? `${inner}${text}` : `${inner}${JSON.stringify(key)}: ${text}`;
  });
  if (shown.length < members.length) lines.push(`${inner}…`);
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}
