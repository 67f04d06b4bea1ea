import { tool, type ToolTable } from "../tool.ts";

/** The machine, its services, users and processes. */
export const SYSTEM_TOOLS: ToolTable = {
  "kill pkill killall skill xkill": tool(
    "destructive",
    "-[0123456789lLaefgGiInoPqrstuUvwxXzZ] -s:plain -u:plain -t:plain -KILL -TERM -HUP -INT -QUIT -USR1 -USR2 -STOP -CONT -SIGKILL -SIGTERM -SIGINT -SIGHUP -15 -# --signal:plain --full --list",
    "plain",
  ),
  "shutdown reboot halt poweroff init telinit": tool("destructive", "-[hrfPkcH] --force", "plain"),
  "systemctl service rc-service launchctl initctl sv supervisorctl": tool(
    "privileged",
    "-[alrtpHMqfn] -u -n:plain -p:plain --user --all --no-pager --type:plain --state:plain --failed --now --property:plain --lines:plain --quiet --force",
    "plain",
    {
      subcommands: {
        "status is-active is-enabled is-failed list-units list-unit-files list-timers show cat list-dependencies list-sockets get-default print":
          tool(
            "read_only",
            "-[alpn] --no-pager --all --type:plain --state:plain -n:plain -p:plain --user --lines:plain --property:plain --value",
            "plain",
          ),
        "stop kill disable mask poweroff reboot halt rescue emergency isolate unload bootout remove": tool(
          "destructive",
          "-[fns] --now --force --user --no-block --signal:plain",
          "plain",
        ),
      },
      otherwise: tool("privileged", "-[fns] --now --force --user --no-block --runtime", "plain"),
      bare: "read_only",
    },
  ),
  "useradd usermod userdel groupadd groupdel groupmod adduser addgroup deluser passwd chpasswd chsh chfn visudo vipw gpasswd newgrp chage dscl":
    tool("privileged", "", "plain"),
  "sysctl modprobe insmod rmmod depmod iptables ip6tables nft ufw firewall-cmd pfctl setenforce getenforce semanage aa-status auditctl swapctl zramctl nvram":
    tool("privileged", "-[lLnvSa] -a -n --list --list-all", "plain"),
  crontab: tool("executes_code", "-u:plain -l!read_only -r!destructive -e -i", "write", {
    examine: ({ options, operands }) => (options.includes("-l") && operands.length === 0 ? [] : ["executes_code"]),
  }),
  "at batch": tool("executes_code", "-[lrdmvM] -f:script -t:plain -q:plain", "plain", {
    stdinShell: ({ options }) => (options.some((option) => /^-[lrdf]$/.test(option)) ? "no" : "always"),
  }),
  atq: tool("read_only", "-[V] -q:plain", "plain"),
  atrm: tool("destructive", "-V", "plain"),
  "systemd-run run-parts": tool(
    "executes_code",
    "-[tPdGq] -p:plain -u:plain -E:environment --user --scope --unit:plain --property:plain --on-calendar:plain --pty --wait --collect --uid:plain!privileged --gid:plain!privileged",
    "command",
  ),
  "tmux screen byobu zellij": tool(
    "executes_code",
    "-[dDrRxlUm2Aq] -S:plain -s:plain -t:plain -L:plain -f:script -c:shell -n:plain -dmS:plain -ls -list",
    "plain",
    {
      subcommands: {
        "ls list-sessions list-windows list-panes info display-message": tool(
          "read_only",
          "-[at] -F:plain -t:plain -p",
          "plain",
        ),
        "kill-session kill-server kill-window kill-pane": tool("destructive", "-[a] -t:plain", "plain"),
        "new new-session new-window neww split-window splitw respawn-pane run-shell run if-shell pipe-pane": tool(
          "executes_code",
          "-[AdDEPXbhvko] -s:plain -n:plain -t:plain -c:plain -x:plain -y:plain -e:environment -F:plain -l:plain -p:plain",
          "shell",
        ),
        "send-keys send paste-buffer": tool("executes_code", "-[lMRXFHK] -t:plain -N:plain -c:plain", "code"),
        "attach attach-session a detach switch-client select-window select-pane rename-session rename-window resize-pane capture-pane show-options set-buffer":
          tool("executes_code", "-[dprSaJ] -t:plain -s:plain -c:plain -p", "plain"),
      },
    },
  ),
  defaults: tool("writes", "-[gw]", "plain", {
    subcommands: {
      "read read-type domains find": tool("read_only", "", "plain"),
      delete: tool("destructive", "", "plain"),
    },
    otherwise: tool("executes_code", "", "plain"),
  }),
  "logger notify-send say afplay beep": tool("writes", "-t:plain -p:plain -i -u:plain", "plain"),
  "hostname hostnamectl timedatectl localectl loginctl": tool("read_only", "-[aAdfiIsy] --fqdn --no-pager", "plain", {
    operandEffects: [[/^(?!-|status|show|list)/, "privileged"]],
  }),
  "lsns findmnt blkid ipcs sestatus acpi sensors system_profiler sw_vers ioreg pmset": tool(
    "read_only",
    "-[aJlrno] -t:plain -o:plain --json --list --output:plain --target:plain",
    "plain",
  ),
  sync: tool("writes", "-[df]", "plain"),
  "updatedb mandb fc-cache": tool("writes", "-[fqv]", "plain"),
  "gsettings dconf xdg-settings xdg-mime update-alternatives update-rc.d chkconfig": tool("executes_code", "", "plain"),
};
