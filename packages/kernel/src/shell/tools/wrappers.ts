import { tool, type ToolTable } from "../tool.ts";

/** Programs that start the command their words are: the command is judged in their place. */
export const WRAPPERS: ToolTable = {
  "env genv": tool(
    "read_only",
    "-[i0v] -u:plain --unset:plain -C:plain --chdir:plain -S:shell --split-string:shell --ignore-environment --null --debug --block-signal? --default-signal? --ignore-signal? -P:plain",
    "assigned_command",
    { bare: "sensitive_read" },
  ),
  sudo: tool(
    "privileged",
    "-[AbEHnPSkKvl] -i!executes_code -s!executes_code -e!writes -C:plain -D:plain -g:plain -h:plain -p:plain -R:plain -r:plain -t:plain -T:plain -U:plain -u:plain --askpass --background --preserve-env? --set-home --login!executes_code --shell!executes_code --non-interactive --stdin --user:plain --group:plain --prompt:plain --chdir:plain --chroot:plain --list --validate --reset-timestamp --edit!writes",
    "assigned_command",
    {
      stdinShell: ({ options, operands }) =>
        operands.length === 0 && options.some((option) => /^(?:-i|-s|--login|--shell)$/.test(option)) ? "always" : "no",
    },
  ),
  "doas pkexec run0": tool(
    "privileged",
    "-[nsL] -C:plain -u:plain --user:plain --disable-internal-agent",
    "assigned_command",
  ),
  sudoedit: tool("privileged", "-[AknS] -u:plain", "write"),
  "su runuser": tool(
    "privileged",
    "-[lmpfP] -c:shell -s:script -g:plain -G:plain -u:plain -w:plain --login --command:shell --session-command:shell --shell:script --preserve-environment --pty --group:plain --user:plain",
    "plain",
    {
      stdinShell: ({ options }) =>
        options.some((option) => /^(?:-c|--command|--session-command)$/.test(option)) ? "no" : "always",
    },
  ),
  nice: tool("read_only", "-n:plain --adjustment:plain -#", "command", { bare: "read_only" }),
  "ionice chrt taskset": tool(
    "read_only",
    "-[abdfimoprRtuvc] -c:plain -n:plain -p:plain --cpu-list:plain --class:plain --classdata:plain --ignore --fifo --idle --batch --rr --other",
    "command",
  ),
  "nohup setsid": tool("read_only", "-[cfw] --ctty --fork --wait", "command", { examine: () => [] }),
  "stdbuf unbuffer": tool(
    "read_only",
    "-i:plain -o:plain -e:plain --input:plain --output:plain --error:plain -p",
    "command",
  ),
  "time gtime": tool(
    "read_only",
    "-[apvlV] -f:plain -o:write --format:plain --output:write --portability --verbose --append --quiet -q",
    "command",
  ),
  "timeout gtimeout": tool(
    "read_only",
    "-[fpv] -k:plain -s:plain --kill-after:plain --signal:plain --foreground --preserve-status --verbose",
    "second_command",
  ),
  chroot: tool("privileged", "--userspec:plain --groups:plain --skip-chdir", "second_command"),
  flock: tool(
    "writes",
    "-[euxsnFov] -c:shell -E:plain -w:plain --command:shell --exclusive --shared --nonblock --nb --timeout:plain --wait:plain --conflict-exit-code:plain --close --no-fork --verbose --unlock",
    "second_command",
  ),
  "unshare nsenter": tool(
    "privileged",
    "-[acCfiImMnNpPrRuUTtZ] -t:plain -S:plain -G:plain -w? -R:plain --mount? --uts? --ipc? --net? --pid? --user? --cgroup? --fork --map-root-user --mount-proc? --target:plain --all --root:plain --wd? --setuid:plain --setgid:plain --keep-caps --kill-child?",
    "command",
  ),
  "setpriv capsh setarch linux32 linux64 i386 x86_64 prlimit systemd-inhibit dbus-run-session xvfb-run firejail bwrap proot fakeroot catchsegv caffeinate chpst softlimit cgexec setuidgid su-exec gosu tini dumb-init numactl rlwrap eatmydata":
    tool("privileged", "", "plain"),
  "strace ltrace": tool(
    "privileged",
    "-[cCdDfFhikqrtTvVwxXyzZn] -a:plain -b:plain -e:plain -E:environment -I:plain -o:write -O:plain -p:plain -P:plain -s:plain -S:plain -u:plain --trace:plain --output:write --string-limit:plain --follow-forks",
    "command",
  ),
  "watch gwatch": tool(
    "read_only",
    "-[bcdegprtxw] -n:plain -q:plain --interval:plain --differences? --no-title --beep --errexit --chgexit --color --precise --exec --no-wrap",
    "shell",
  ),
  script: tool(
    "writes",
    "-[aefqrt] -c:shell --command:shell -B:write -I:write -O:write -T:write -t? -o:plain --append --flush --quiet --return --timing? --log-out:write",
    "write",
  ),
  // Stamps its input, or queues a command: two programs have this name.
  ts: tool("read_only", "-[rismncd]", "command"),
  entr: tool("executes_code", "-[acdnprsxz]", "command"),
  "watchexec cargo-watch chokidar reflex when-changed inotifywait inotifywatch fswatch watchman": tool(
    "executes_code",
    "-[cnqrmo0] -w:plain -e:plain -i:plain -x:shell -s:shell -c:shell --exts:plain -t:plain --format:plain",
    "plain",
  ),
  coproc: tool("read_only", "", "command"),
  "direnv dotenv dotenvx doppler envdir chamber aws-vault op-run infisical teller": tool("executes_code", "", "plain"),
  "pv progress mbuffer buffer cstream": tool(
    "read_only",
    "-[abcefIiklmnNpqQrsTtvWw8] -L:plain -s:plain -N:plain -i:plain",
    "read",
  ),
  sg: tool("privileged", "-c:shell", "plain"),
  "ld.so ld-linux.so ld-linux-x86-64.so": tool(
    "executes_code",
    "--library-path:plain --preload:script --list",
    "command",
  ),
};
