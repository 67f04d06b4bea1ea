/**
 * Text of unknown origin as a person must see it: controls, invisible characters and those that turn the direction
 * of reading become their escapes, so that nothing shown differs from what would run.
 */
export function visible(text) {
  return text.replaceAll(hidden, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** Everything Unicode calls control, format, surrogate, private, unassigned, separating or ignorable; not the line feed. */
const hidden = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0]/gu;

/** One argument of a command as a shell would need it quoted: what is plain stays plain. */
export function quoted(argument) {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(argument) ? argument : JSON.stringify(argument);
}

/** Milliseconds in the largest unit that divides them. */
export function duration(ms) {
  const unit = [
    [3_600_000, "h"],
    [60_000, "min"],
    [1_000, "s"],
  ].find(([size]) => ms % size === 0);
  return unit === undefined ? `${ms} ms` : `${ms / unit[0]} ${unit[1]}`;
}

/** Bytes in the largest binary unit that divides them. */
export function size(bytes) {
  const unit = [
    [2 ** 30, "GiB"],
    [2 ** 20, "MiB"],
    [2 ** 10, "KiB"],
  ].find(([size]) => bytes > 0 && bytes % size === 0);
  return unit === undefined ? `${bytes} bytes` : `${bytes / unit[0]} ${unit[1]}`;
}
