import { malformed } from "./errors.ts";
import { clip } from "./verifier-key.ts";

/** Name of a tile or entry bundle (C2SP tlog-tiles). */
export interface TilePath {
  /** 0 to 63, or `entries` for an entry bundle. */
  readonly level: number | "entries";
  /** Number of the tile within its level, below 2^64. */
  readonly index: bigint;
  /** Hashes in a partial tile, 1 to 255; 0 for a full one. */
  readonly partial: number;
}

const INDEX_END = 2n ** 64n;

/** For example `tile/0/x001/x234/067.p/89`. `TILE_PATH` for a level, index or width out of range. */
export function formatTilePath({ level, index, partial }: TilePath): string {
  const levelFits = level === "entries" || (Number.isInteger(level) && level >= 0 && level <= 63);
  const partFits = Number.isInteger(partial) && partial >= 0 && partial <= 255;
  if (!levelFits || !partFits || index < 0n || index >= INDEX_END) {
    throw malformed("TILE_PATH", "there is no such tile", "level 0 to 63, index below 2^64, width at most 255");
  }
  const digits = index.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/.{3}/g) ?? [];
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${number}${partial === 0 ? "" : `.p/${partial}`}`;
}

/** Reads exactly what `formatTilePath` writes; anything else is `TILE_PATH`. */
export function parseTilePath(path: string): TilePath {
  const match =
    path.length <= 64
      ? /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,6}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path)
      : null;
  const [, levelText, number, width] = match ?? [];
  if (levelText === undefined || number === undefined) throw bad(path);
  const level = levelText === "entries" ? "entries" : Number(levelText);
  const tile: TilePath = { level, index: BigInt(number.replace(/[x/]/g, "")), partial: Number(width ?? 0) };
  if (tile.index >= INDEX_END || tile.partial > 255 || Number(level) > 63 || formatTilePath(tile) !== path)
    throw bad(path);
  return tile;
}

function bad(path: string): Error {
  return malformed("TILE_PATH", `\`${clip(path)}\` does not name a tile`, "see C2SP tlog-tiles");
}
