import { tool, type ToolTable } from "../tool.ts";

/** What the shell does itself. Those that evaluate names are read in `programs/builtins.ts` first. */
export const BUILTINS: ToolTable = {
  echo: tool("read_only", "-[neE]", "plain"),
  ": true false": tool("read_only", "", "plain"),
  printf: tool("read_only", "-v:plain", "plain"),
  "cd pushd popd dirs pwd": tool("read_only", "-[LPe@nclpv] -#", "plain"),
  "exit return break continue shift times suspend logout": tool("read_only", "", "plain"),
  "test [": tool("read_only", "-[abcdefghknoprstuvwxzGLNORS] -eq -ne -lt -le -gt -ge -nt -ot -ef", "plain"),
  let: tool("read_only", "", "plain"),
  "type which whereis whatis apropos": tool(
    "read_only",
    "-[afptPsSbmMul] --all --skip-alias --skip-functions",
    "plain",
  ),
  hash: tool("read_only", "-[ldr] -p!executes_code -t", "plain"),
  read: tool("read_only", "-[ers] -a:plain -d:plain -i:plain -n:plain -N:plain -p:plain -t:plain -u:plain", "plain"),
  "mapfile readarray": tool("read_only", "-d:plain -n:plain -O:plain -s:plain -t -u:plain -C:shell -c:plain", "plain"),
  "export readonly declare typeset local": tool("read_only", "-[aAfFgiIlnrtuxp]", "environment", {
    bare: "sensitive_read",
  }),
  "unset wait jobs bg fg disown getopts": tool("read_only", "-[fnvlprsah]", "plain"),
  umask: tool("read_only", "-[pS]", "plain"),
  ulimit: tool("read_only", "-[HSabcdefiklmnpqrstuvxPRT]", "plain"),
  shopt: tool("read_only", "-[sugqpo]", "plain"),
  "compgen complete compopt": tool(
    "read_only",
    "-[abcdefgjksuv] -A:plain -o:plain -F!executes_code -C:shell -G:plain -W:plain -P:plain -S:plain -X:plain",
    "plain",
  ),
  unalias: tool("read_only", "-a", "plain"),
  history: tool("sensitive_read", "-c!destructive -d:plain!destructive -a!writes -w!writes -r -n -p -s", "plain"),
  "fc bind": tool("executes_code", "-[lnr]", "plain"),
  enable: tool("executes_code", "-[adnps] -f:script", "plain"),
  eval: tool("read_only", "", "shell"),
  ". source": tool("executes_code", "", "script_first"),
  builtin: tool("read_only", "", "command"),
  caller: tool("read_only", "", "plain"),
  "[[": tool("read_only", "", "plain"),
};
