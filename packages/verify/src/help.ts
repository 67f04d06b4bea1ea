export const HELP = `writ-verify — check a log of Writ, a part of one, or one entry; offline

Usage:
  writ-verify <file> --policy <file> [options]

  <file> is a bundle, a stand-alone proof (.tlog-proof) or the SQLite file of a log;
  for \`writ verify\` also the address of a database: postgres://user@host/name. Its log is
  copied to a temporary file first, in one read-only transaction.

Options:
  --policy <file>   the keys you trust: C2SP tlog-policy text, or one verifier key a line
  --since <file>    ask for consistency with the checkpoint in this file, and replace it after a pass
  --full            of a log: rehash every entry (default)
  --quick           of a log: signatures, frontier, right edge, newest checkpoint
  --audit           of a log or bundle: check too that what was allowed, ticketed, begun and received fits together
  --entry <file>    of a proof: the entry's bytes, where the proof does not carry them
  --origin <name>   of a database: which of its logs, if it holds several
  --max-age <sec>   refuse when the newest cosignature is older
  --json            print the result as JSON
  --help            this text

Examples:
  writ-verify run-1.bundle --policy trust.policy
  writ-verify log.db --policy trust.policy --since last.checkpoint
  writ verify postgres://audit@db.internal/writ --policy trust.policy
  writ-verify entry-42.tlog-proof --policy trust.policy --json

Ends with:
  0 good   2 wrong use   4 changed or inconsistent   5 incomplete   6 policy not met

A pass does not prove that what was recorded is true, that the agent was right, or that an action
taken outside Writ was seen.
`;
