import { tool, type ToolTable } from "../tool.ts";

/** Archives and compression. What an archive holds is not named in the line. */
export const ARCHIVE_TOOLS: ToolTable = {
  "tar gtar bsdtar": tool(
    "writes",
    "-[AcdhjJklmnopPrRsStuUvwWxzZiBGaO] -C:plain -f:write -b:plain -T:read -X:read -N:plain -g:read -V:plain -L:plain -H:plain -F:script -I:shell --use-compress-program:shell " +
      "--create --extract --get --list --append --update --diff --compare --delete --file:write --directory:plain --gzip --gunzip --bzip2 --xz --zstd --lzma --verbose --exclude:plain --exclude-from:read --exclude-vcs --files-from:read --strip-components:plain " +
      "--transform:plain --no-same-owner --same-owner --no-same-permissions --preserve-permissions --owner:plain --group:plain --mode:plain --mtime:plain --sort:plain --format:plain --overwrite --keep-old-files --wildcards --no-recursion --dereference --absolute-names!destructive --totals --checkpoint? --auto-compress --one-top-level? --to-stdout --numeric-owner --remove-files!destructive --unlink-first --recursive-unlink!destructive --null --occurrence? --anchored " +
      "--checkpoint-action:setting --to-command:shell --rsh-command:shell --info-script:script --new-volume-script:script --rmt-command:shell",
    "read",
    { makes: true, operandEffects: [[/[xcrt][A-Za-z]*[IF]|^[a-zA-Z]*(?:I|F)[a-zA-Z]*$/, "executes_code"]] },
  ),
  unzip: tool("writes", "-[aABbCDfFjKLnoOPqstTuUvVWXz:p] -l -Z -d:plain -x:plain -P:plain -O:plain", "read", {
    makes: true,
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
