import type { ParsedArguments } from "../arguments.ts";
import type { RiskClass } from "../report.ts";
import { tool, type ToolTable } from "../tool.ts";

const SSH =
  "-[46AaCfGgKkMNnqsTtVvXxYy] -b:plain -B:plain -c:plain -D:plain -E:write -e:plain -F:script -I:script -i:plain -J:plain -L:plain -l:plain -m:plain -O:plain -o:setting -p:plain -Q:plain -R:plain -S:plain -W:plain -w:plain";

/** Programs that speak to other machines. */
export const NETWORK_TOOLS: ToolTable = {
  curl: tool(
    "network",
    "-[0123456afgGiIjklLMnNpqsSv#] -A:plain -b:plain -c:write -C:plain -d:plain -D:write -e:plain -E:read -F:plain -h? -H:plain -K:script -m:plain -o:write -O!writes -J!writes -P:plain -Q:plain -r:plain -R -T:read -t:plain -u:plain -U:plain -w:plain -x:plain -X:plain -y:plain -Y:plain -z:plain -Z " +
      "--append --basic --digest --ntlm --negotiate --anyauth --user-agent:plain --cookie:plain --cookie-jar:write --data:plain --data-raw:plain --data-binary:plain --data-urlencode:plain --data-ascii:plain --json:plain --url-query:plain --form:plain --form-string:plain --header:plain --request:plain --request-target:plain --get --head --include --location --location-trusted --max-redirs:plain --max-time:plain --connect-timeout:plain --retry:plain --retry-delay:plain --retry-max-time:plain --retry-all-errors --retry-connrefused " +
      "--silent --show-error --fail --fail-with-body --fail-early --verbose --insecure --compressed --http1.0 --http1.1 --http2 --http3 --ipv4 --ipv6 --tlsv1 --tlsv1.2 --tlsv1.3 --proto:plain --proto-default:plain --proto-redir:plain --ssl-reqd --cacert:read --capath:read --cert:read --key:read --pass:plain --user:plain --oauth2-bearer:plain --netrc!sensitive_read --netrc-file:read!sensitive_read -n!sensitive_read --resolve:plain --connect-to:plain --interface:plain --proxy:plain --noproxy:plain --socks5:plain --socks5-hostname:plain --referer:plain --range:plain --continue-at:plain --limit-rate:plain " +
      "--output:write --output-dir:write --remote-name!writes --remote-name-all!writes --remote-header-name!writes --create-dirs!writes --dump-header:write --write-out:plain --progress-bar --no-progress-meter --upload-file:read --url:plain --globoff --path-as-is --parallel --no-buffer --next --disable --config:script --engine:script --trace:write --trace-ascii:write --stderr:write --libcurl:write --etag-save:write --etag-compare:read --hsts:write --alt-svc:write --unix-socket:plain!privileged --abstract-unix-socket:plain!privileged --doh-url:plain --time-cond:plain --post301 --post302 --speed-limit:plain --speed-time:plain --keepalive-time:plain --tcp-nodelay --version --help? --manual",
    "plain",
    {
      makesWith: ["-O", "-J", "--remote-name", "--remote-name-all", "--remote-header-name"],
      operandEffects: [[/^(?:file|scp|sftp|smb|telnet|dict|gopher):/i, "sensitive_read"]],
      examine: sendsFiles,
    },
  ),
  wget: tool(
    "writes",
    "-[bcdFhHkKLmNpqrSvxV46E] -nc -nd -nH -np -nv -a:write -A:plain -B:plain -D:plain -e:setting -i:read -I:plain -l:plain -o:write -O:write -P:write -Q:plain -R:plain -t:plain -T:plain -U:plain -w:plain -X:plain --output-document:write --output-file:write --append-output:write --directory-prefix:write --quiet --verbose --no-verbose --continue --timestamping --no-clobber --recursive --level:plain --mirror --page-requisites --convert-links --no-parent --spider --server-response --header:plain --user-agent:plain --post-data:plain --post-file:read!sensitive_read --body-file:read!sensitive_read --body-data:plain --method:plain --user:plain --password:plain --no-check-certificate --tries:plain --timeout:plain --wait:plain --input-file:read --accept:plain --reject:plain --show-progress --progress:plain --no-proxy --content-disposition --trust-server-names --no-directories --no-host-directories --cut-dirs:plain --load-cookies:read --save-cookies:write --execute:setting --use-askpass:shell --config:script --inet4-only --https-only --secure-protocol:plain --max-redirect:plain --referer:plain --limit-rate:plain --version --help",
    "plain",
    { makes: true, examine: () => ["network"] },
  ),
  "http https xh httpie": tool(
    "network",
    "-[vhbjfpFIdcSqA] -a:plain -o:write --output:write --json --form --body --headers --verbose --print:plain --pretty:plain --follow --download!writes --auth:plain --ignore-stdin --verify:plain --check-status --timeout:plain --session:plain",
    "plain",
    { makesWith: ["-d", "--download"] },
  ),
  "aria2c axel lftp ftp tftp sftp ncftp": tool(
    "network",
    "-[cqsx46] -o:write -d:write -x:plain -s:plain -P:plain -b:script -e:shell -c:shell --out:write --dir:write --on-download-complete:shell",
    "plain",
    { makes: true },
  ),
  ssh: tool("network", SSH, "second_shell", {
    bare: "read_only",
    stdinShell: ({ operands }) => (operands.length === 1 ? "piped" : "no"),
  }),
  autossh: tool("network", `${SSH} -M:plain`, "second_shell"),
  mosh: tool("network", "--ssh:shell --server:shell -p:plain", "second_shell"),
  scp: tool(
    "network",
    "-[346ABCOpqRrTv] -c:plain -D:shell -F:script -i:plain -J:plain -l:plain -o:setting -P:plain -S:shell -X:plain",
    "target_last",
    { makes: true },
  ),
  rsync: tool(
    "writes",
    "-[aAbcCdDEgHIJklLmnNoOpPqrRsStuUvWxXyz048hi] -e:shell --rsh:shell --rsync-path:shell -f:plain -B:plain -T:plain -M:plain --archive --verbose --recursive --compress --human-readable --progress --partial --dry-run --checksum --update --times --perms --owner --group --links --copy-links --hard-links --relative --existing --ignore-existing --ignore-errors --inplace --append --whole-file --sparse --no-perms --no-owner --no-group --no-times --omit-dir-times --exclude:plain --include:plain --filter:plain --exclude-from:read --include-from:read --files-from:read --stats --itemize-changes --info:plain --bwlimit:plain --timeout:plain --port:plain --password-file:read --backup --backup-dir:write --suffix:plain --max-size:plain --min-size:plain --chmod:plain --chown:plain --numeric-ids --one-file-system --size-only --delay-updates --prune-empty-dirs --log-file:write --out-format:plain --mkpath --quiet --cvs-exclude --link-dest:plain --compare-dest:plain --delete!destructive --delete-after!destructive --delete-before!destructive --delete-during!destructive --delete-delay!destructive --delete-excluded!destructive --remove-source-files!destructive --force!destructive --daemon!executes_code --list-only --version --help",
    "target_last",
    { operandEffects: [[/^(?:[\w.-]+@)?[\w.-]+:|^rsync:/, "network"]], makes: true },
  ),
  "nc ncat netcat socat telnet nmap masscan": tool(
    "network",
    "-[46bCDdFhklNnrStUuvZz] -e:shell -c:shell --exec:shell --sh-exec:shell --lua-exec:script -I:plain -i:plain -m:plain -O:plain -p:plain -q:plain -s:plain -w:plain -x:plain -X:plain --script:script -oN:write -oX:write -oA:write -oG:write --listen --ssl -sV -sS -sn -Pn -A -O -F",
    "plain",
    {
      operandEffects: [[/^(?:exec|system|shell)[:=]/i, "opaque"]],
    },
  ),
  "ping ping6 traceroute tracepath mtr dig nslookup host whois drill getent resolvectl arping": tool(
    "network",
    "-[46aAbBdDfhLnOqrRUvVtTwxsC] -c:plain -i:plain -I:plain -l:plain -m:plain -M:plain -p:plain -Q:plain -s:plain -S:plain -t:plain -W:plain -w:plain -k:plain -f:read -y:plain",
    "plain",
  ),
  arp: tool(
    "read_only",
    "-[aenvDN] -A:plain -H:plain -i:plain -p:plain -t:plain -d!privileged -s!privileged -f!privileged --all --numeric --verbose --device:plain --hw-type:plain --delete!privileged --set!privileged --file!privileged",
    "plain",
  ),
  "ip ifconfig route netstat ss iw iwconfig nmcli ethtool networksetup scutil": tool(
    "read_only",
    "-[46aAbcdDehHiIlLMnNoOpPrRsStTuUvVwWxXZ] -br --brief -j -o -c -4 -6 --all --listening --tcp --udp --numeric --processes --json --get:plain",
    "plain",
    {
      operandEffects: [
        [
          /^(?:add|del|delete|set|flush|change|replace|up|down|exec|default|gw|-s|connect|modify|append|link-layer)$/,
          "privileged",
        ],
      ],
    },
  ),
  openssl: tool(
    "executes_code",
    "-[adenp] -in:read -out:write -base64 -k:plain -pass:plain -key:read -noout -text -days:plain -subj:plain -x509 -newkey:plain -nodes -keyout:write -connect:plain -servername:plain -hex -sha256 -sha512 -aes-256-cbc -pbkdf2 -salt -engine:script -provider:script -enddate -dates -issuer -subject -fingerprint -inform:plain -outform:plain -CAfile:read",
    "plain",
  ),
  "ssh-keygen": tool(
    "writes",
    "-[lqvyBeiAHR] -t:plain -b:plain -C:plain -f:write -N:plain -P:plain -F:plain -m:plain -E:plain -D:script -w:script -Y:plain -n:plain -s:read -I:plain",
    "plain",
  ),
  "ssh-copy-id ssh-add ssh-agent ssh-keyscan": tool(
    "network",
    "-[lLdDkstvcq46] -i:plain -p:plain -T:plain -t:plain -H -a:plain",
    "plain",
  ),
  "gpg gpg2 age sops pass op bw vault": tool(
    "sensitive_read",
    "-[abcdekqrstv] -o:write --output:write --decrypt --encrypt --sign --verify --import --export --list-keys --armor --detach-sign --recipient:plain -u:plain --batch --yes --quiet --keyserver:plain!network --recv-keys!network --delete-key!destructive --delete-secret-key!destructive --export-secret-keys -n:plain",
    "plain",
    {
      operandEffects: [[/^(?:exec-env|exec-file|exec|edit|run)$/, "executes_code"]],
    },
  ),
  "tcpdump tshark wireshark ngrep": tool(
    "privileged",
    "-[nveXAqlpt] -i:plain -c:plain -w:write -r:read -s:plain -z:shell -C:plain -G:plain -W:plain",
    "plain",
  ),
  "mail mailx sendmail mutt telegram-send wall write": tool(
    "network",
    "-s:plain -a:read -c:plain -r:plain -t",
    "plain",
  ),
  "ngrok cloudflared localtunnel lt tailscale wg wg-quick openvpn": tool(
    "network",
    "--url:plain --port:plain -p:plain",
    "plain",
  ),
  "wscat websocat grpcurl nats mosquitto_pub mosquitto_sub": tool(
    "network",
    "-c:plain -d:plain -H:plain -plaintext -x:plain -t:plain -m:plain -h:plain -p:plain",
    "plain",
    { operandEffects: [[/^(?:exec|cmd|sh-c):/, "executes_code"]] },
  ),
  "ab wrk hey k6 vegeta autocannon siege": tool(
    "network",
    "-[kqv] -n:plain -c:plain -t:plain -d:plain -s:script -H:plain -m:plain -z:plain",
    "plain",
  ),
};

/** A body or a form that begins with `@` or `<` is a file. */
function sendsFiles({ values }: ParsedArguments): readonly RiskClass[] {
  const body = /^(?:-d|-F|-H|-b|--data[\w-]*|--json|--form|--url-query|--header)$/;
  const sends = values.some(
    ({ option, word: { text, prefix } }) => body.test(option) && /^@|=[@<]/.test(text ?? prefix),
  );
  return sends ? ["sensitive_read"] : [];
}
