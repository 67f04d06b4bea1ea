import type { Effect } from "./governance-vocabulary.ts";

/** Programs whose effects do not depend on their arguments, as far as rules care. */
const FIXED: readonly (readonly [programs: string, ...effects: Effect[]])[] = [
  ["rm rmdir shred dd mkfs truncate unlink wipefs fdisk parted mkswap blkdiscard srm", "destructive", "state_change"],
  [
    "mv cp mkdir touch tee ln install mktemp mkfifo split csplit patch zip unzip gzip gunzip bzip2 bunzip2 xz unxz zstd 7z cpio",
    "state_change",
  ],
  ["chown chgrp setfacl chattr sysctl hostnamectl timedatectl localectl ldconfig", "state_change"],
  ["kill pkill killall", "destructive"],
  ["shutdown reboot halt poweroff init", "destructive", "execution"],
  ["su setcap setpriv unshare nsenter chroot capsh newgrp runuser", "execution", "privilege_escalation"],
  [
    "useradd usermod userdel adduser deluser groupadd passwd chpasswd visudo vipw chsh",
    "privilege_escalation",
    "state_change",
  ],
  [
    "iptables ip6tables nft ufw firewall-cmd setenforce aa-disable mount umount insmod modprobe auditctl",
    "privilege_escalation",
    "state_change",
  ],
  ["ssh mosh autossh", "execution", "external_access", "outbound"],
  ["scp sftp ftp lftp rclone", "external_access", "outbound", "state_change"],
  ["nc ncat netcat socat telnet", "external_access", "outbound"],
  ["mail mailx sendmail mutt msmtp swaks", "external_access", "outbound"],
  ["ping dig nslookup host traceroute tracepath whois mtr nmap", "external_access"],
  ["gpg gpg2 openssl ssh-keygen ssh-add pass secret-tool keytool age", "sensitive_data", "state_change"],
  ["vault op bw", "external_access", "sensitive_data", "state_change"],
  ["writ", "execution", "privilege_escalation"],
];

/** Programs that run other people's text or files: what happens inside is not seen here. */
const RUNNING: readonly (readonly [programs: string, ...effects: Effect[]])[] = [
  [
    "make cmake ninja gradle gradlew mvn ant bazel just task tsc vitest jest mocha pytest tox eslint oxlint prettier webpack vite esbuild",
    "execution",
    "state_change",
  ],
  ["gcc g++ cc clang rustc javac ld as", "execution", "state_change"],
  [
    "awk gawk mawk nawk bc dc eval source gdb lldb strace ltrace expect parallel at batch screen tmux watch entr script",
    "execution",
  ],
  ["less more man vi vim nvim nano emacs ed ex code", "execution", "state_change"],
  ["npx bunx pnpx uvx pipx", "execution", "external_access", "state_change"],
  ["psql mysql mariadb mongo mongosh redis-cli clickhouse-client", "execution", "external_access", "state_change"],
  ["sqlite3 duckdb", "execution", "state_change"],
  ["ansible ansible-playbook fab cap", "execution", "external_access", "outbound", "state_change"],
];

/** What a program of a fixed kind does; `opaque` when its arguments are a program of their own. */
export interface ProgramEffects {
  readonly effects: readonly Effect[];
  readonly opaque: boolean;
}

let table: ReadonlyMap<string, ProgramEffects> | undefined;

/** Effects of a program known by its name alone, or undefined. */
export function programEffects(program: string): ProgramEffects | undefined {
  table ??= new Map([...rows(FIXED, false), ...rows(RUNNING, true)]);
  return table.get(program.startsWith("mkfs.") ? "mkfs" : program);
}

function rows(
  source: readonly (readonly [string, ...Effect[]])[],
  opaque: boolean,
): readonly (readonly [string, ProgramEffects])[] {
  return source.flatMap(([programs, ...effects]) =>
    programs.split(" ").map((program): readonly [string, ProgramEffects] => [program, { effects, opaque }]),
  );
}
