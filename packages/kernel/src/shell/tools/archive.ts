import { tool, type ToolTable } from "../tool.ts";

/** Archives and compression. What an archive holds is not named in the line. */
export const ARCHIVE_TOOLS: ToolTable = {
  unzip: tool("read_only", "-[aAbBCDfFjKLlnoOpqtsTuUvVWXz:Z] -d:write -x:plain -P:plain -O:plain", "read", {
    makes: true,
    examine: ({ options }) => (options.some((option) => /^-[lvtZpz]$/.test(option)) ? [] : ["writes"]),
  }),
  "zipinfo zcat bzcat xzcat zstdcat lz4cat zless zmore gzcat zdiff zcmp lzcat": tool(
    "read_only",
    "-[lvhmtsz12]",
    "read",
  ),
  zip: tool(
    "writes",
    "-[cdDeEfFgijJklmopqrRSuvwXyzT0123456789@] -x:plain -i:plain -P:plain -b:plain -n:plain -t:plain -TT:shell --unzip-command:shell --exclude:plain --recurse-paths --quiet --symlinks",
    "read",
  ),
  "gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lz4 lzma compress uncompress pigz pbzip2 brotli": tool(
    "writes",
    "-[cdfhklLnNqrtvVz0123456789] -S:plain -o:write -T:plain -p:plain -b:plain -M:plain --stdout --to-stdout --decompress --uncompress --force --keep --list --test --recursive --best --fast --quiet --verbose --threads:plain --suffix:plain --rm!destructive --long? --ultra -19 -22 -#",
    "write",
  ),
  "7z 7za 7zr p7zip unrar rar": tool("writes", "-o? -p? -y -r -t? -m? -x? -aoa -aos -bd", "plain", { makes: true }),
  "cpio pax ar": tool(
    "writes",
    "-[idmuvtpoBcLlkrxa0] -H:plain -F:write -D:plain --to-stdout --rsh-command:shell --quiet --null --no-absolute-filenames --make-directories --extract --create --list --format:plain",
    "plain",
    { makes: true },
  ),
};
