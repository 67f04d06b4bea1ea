import type { ParsedArguments } from "../arguments.ts";
import type { RiskClass } from "../report.ts";
import { tool, type ToolTable } from "../tool.ts";

const OPTIONS =
  "-[qAtXelLwWBNsvV] -c:plain -f:script -h:plain -p? -P:plain -U:plain -d:plain -D:plain -u:plain -n:plain -o:write -F:plain -v:plain -x --command:plain --file:script --host:plain --port:plain --username:plain --user:plain --password? --dbname:plain --database:plain -header -json -csv -column -line -readonly -batch -bail -cmd:plain -init:script -e:plain --eval:plain --execute:plain --quiet --no-psqlrc --tuples-only --csv --raw --json --tls --askpass -a:plain";

/** Clients of databases. Their language is looked at for what changes data or leaves the database. */
export const DATABASE_TOOLS: ToolTable = {
  "sqlite3 psql mysql mariadb redis-cli mongosh mongo duckdb": tool("executes_code", OPTIONS, "plain", {
    examine: statements,
  }),
  "pg_dump mysqldump pg_dumpall mongodump": tool(
    "sensitive_read",
    `${OPTIONS} -f:write --file:write -F:plain -t:plain -s -j:plain --schema-only --data-only --table:plain --single-transaction --routines`,
    "plain",
  ),
  "pg_restore createdb createuser mongorestore": tool("privileged", OPTIONS, "plain"),
  "dropdb dropuser": tool("destructive", "-[eiwWf] -h:plain -U:plain -p:plain --if-exists --force", "plain"),
};

const LEAVES =
  /^\s*\.(?:shell|system|sh|load|import|read|output|once|excel)\b|\\!|\\o\s|\bprogram\s+'|\bload_extension\s*\(|\bwritefile\s*\(|\binto\s+(?:out|dump)file\b|\bload_file\s*\(|\bsystem\b|\bdo\s+\$\$|\bcreate\s+(?:function|extension|language)\b|\bmodule\b|\beval\b/i;
const CHANGES =
  /\b(?:drop|delete|truncate|alter|update|insert|replace|grant|revoke|flushall|flushdb|dropdatabase|deletemany|remove|rename|shutdown|del|unlink|set|config|merge|create)\b/i;

function statements({ operands, values }: ParsedArguments): readonly RiskClass[] {
  const texts = [...operands, ...values.filter(({ role }) => role === "plain").map(({ word }) => word)];
  if (texts.some(({ text, prefix }) => LEAVES.test(text ?? prefix))) return ["opaque"];
  return texts.some(({ text, prefix }) => CHANGES.test(text ?? prefix)) ? ["destructive"] : [];
}
