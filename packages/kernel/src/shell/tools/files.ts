import { tool, type ToolTable } from "../tool.ts";

const COPY =
  "-[abdfHiLlnPpRrsTuvxZcX] -S:plain -t:write --target-directory:write --archive --backup? --force --interactive --link --dereference --no-clobber --no-dereference --preserve? --no-preserve:plain --parents --recursive --reflink? --remove-destination --sparse:plain --strip-trailing-slashes --symbolic-link --suffix:plain --no-target-directory --update? --verbose --one-file-system --exchange --debug --attributes-only";

/** Programs that make, move, change and remove files. */
export const FILE_TOOLS: ToolTable = {
  cp: tool("writes", COPY, "target_last"),
  // What is moved is gone from where it was.
  mv: tool("writes", COPY, "write"),
  ln: tool(
    "writes",
    "-[bdFfiLnPrsTvh] -S:plain -t:write --symbolic --force --backup? --relative --no-dereference --verbose --physical --logical --interactive --suffix:plain --target-directory:write --no-target-directory",
    "target_last",
  ),
  install: tool(
    "writes",
    "-[bcCdDpsTv] -g:plain -o:plain -m:plain -S:plain -t:write --directory --mode:plain --owner:plain --group:plain --strip --strip-program:shell --target-directory:write --preserve-timestamps --compare --verbose --backup?",
    "target_last",
  ),
  "rm unlink rmdir": tool(
    "destructive",
    "-[dfiIrRvpP] --force --recursive --interactive? --verbose --dir --one-file-system --preserve-root? --no-preserve-root --parents --ignore-fail-on-non-empty",
    "write",
  ),
  "trash gio-trash trash-put": tool("writes", "-[fv]", "write"),
  "shred srm wipe": tool(
    "destructive",
    "-[fuvxz] -n:plain -s:plain --iterations:plain --remove? --zero --size:plain --force --verbose",
    "write",
  ),
  truncate: tool("destructive", "-[co] -s:plain -r:plain --size:plain --reference:plain --no-create", "write"),
  "mkdir mkfifo": tool("writes", "-[pvZ] -m:plain --parents --verbose --mode:plain", "write"),
  mktemp: tool("writes", "-[dqtu] -p:plain --directory --dry-run --quiet --suffix:plain --tmpdir?", "plain"),
  touch: tool(
    "writes",
    "-[acfhm] -d:plain -r:plain -t:plain --date:plain --reference:plain --no-create --time:plain",
    "write",
  ),
  tee: tool("writes", "-[aipu] --append --ignore-interrupts --output-error?", "write"),
  sponge: tool("writes", "-a", "write"),
  "split csplit": tool(
    "writes",
    "-[deuxkszn] -a:plain -b:plain -C:plain -l:plain -n:plain -t:plain -f:plain --suffix-length:plain --bytes:plain --lines:plain --number:plain --numeric-suffixes? --additional-suffix:plain --filter:shell --verbose --elide-empty-files --prefix:plain",
    "read",
    { makes: true },
  ),
  chmod: tool(
    "writes",
    "-[cfvRHLP] --changes --silent --quiet --verbose --recursive --reference:plain --preserve-root --no-preserve-root",
    "plain",
    {
      operandEffects: [
        [/^[ugoa]*[+=][rwxXt]*s|^[0-7]?[2467][0-7]{3}$/, "privileged"],
        [/^(?:\/|~$)|^\/(?:etc|usr|bin|sbin|var|lib|boot|home|root|dev)/, "destructive"],
      ],
    },
  ),
  "chown chgrp chattr setfacl setfattr xattr setcap chflags": tool(
    "writes",
    "-[cfhvRHLPbkndmxwr] -m:plain -x:plain -b --recursive --reference:plain --from:plain --verbose --changes --no-dereference --modify:plain --preserve-root --no-preserve-root",
    "plain",
    {
      operandEffects: [
        [/^(?:cap_|root)/, "privileged"],
        [/^(?:\/|~$)|^\/(?:etc|usr|bin|sbin|var|lib|boot|home|root|dev)/, "destructive"],
      ],
    },
  ),
  "getfacl getfattr getcap lsattr": tool("read_only", "-[aRdpsehnv]", "plain"),
  patch: tool(
    "writes",
    "-[bcefEFlNRstTuvZ] -p:plain -i:read -o:write -d:plain -B:plain -V:plain -D:plain -r:write --strip:plain --input:read --output:write --dry-run --reverse --forward --verbose --directory:plain --force --batch --no-backup-if-mismatch -#",
    "write",
    { makes: true },
  ),
  "dos2unix unix2dos rename prename": tool("writes", "-[bfknoqv] -e:code -n", "plain"),
  "mount umount swapon swapoff losetup cryptsetup lvcreate pvcreate vgcreate mdadm": tool(
    "privileged",
    "-[alrwfnv] -t:plain -o:plain --bind",
    "plain",
  ),
  "mkfs mkswap fdisk sfdisk parted wipefs gdisk sgdisk hdparm blkdiscard badblocks mke2fs tune2fs resize2fs mkfs.ext4 mkfs.xfs mkfs.vfat mkfs.btrfs debugfs":
    tool("destructive", "-[aflnqv]", "write"),
  "prettier stylelint": tool(
    "executes_code",
    "--check -c --write!writes -w!writes --list-different -l --config:script --ignore-path:read --log-level:plain --fix!writes --no-error-on-unmatched-pattern",
    "plain",
  ),
  "ffmpeg ffprobe convert magick identify exiftool pandoc": tool(
    "writes",
    "-i:read -y -n -f:plain -t:plain -o:write --output:write -c? -vf:plain -r:plain -s:plain -from:plain --from:plain --to:plain -ss:plain -an -vn -crf:plain -b? -resize:plain -quality:plain -v:plain -show_streams -show_format -print_format:plain -of:plain --standalone -hide_banner",
    "plain",
  ),
  "vi vim nvim view ex vimdiff rvim": tool(
    "executes_code",
    "-[bdeEhmMnNRsvyZl] -c:code --cmd:code -S:script -u:script -U:script -s:script -es -i:read -o? -O? -p? --version --clean --noplugin --headless -w:write -W:write -t:plain -r?",
    "write",
    {
      operandEffects: [[/^\+(?!\d*$)/, "opaque"]],
    },
  ),
  "nano pico emacs emacsclient micro helix hx joe code subl gedit open xdg-open": tool(
    "executes_code",
    "-[nwrgd] --wait --goto:plain --diff --new-window -l",
    "plain",
  ),
  "ed red": tool("executes_code", "-[sE] -p:plain", "write"),
};
