import type { Migration } from "@writ/store";

/**
 * Tables of the views (ARCHITECTURE §2). They belong to one engine: nodes on PostgreSQL each have views of their own
 * and share the log. `tenant` is the first part of every key.
 */
export const VIEW_MIGRATIONS: readonly Migration[] = [
  {
    component: "views",
    number: 1,
    sqlite: `
      CREATE TABLE view_position (
        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
        position INTEGER NOT NULL,
        clock_ms INTEGER NOT NULL,
        fold INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE view_action (
        tenant TEXT NOT NULL,
        id TEXT NOT NULL,
        idx INTEGER NOT NULL,
        run TEXT,
        state TEXT NOT NULL,
        principal TEXT NOT NULL,
        expires_ms INTEGER,
        contract TEXT,
        doc TEXT NOT NULL,
        PRIMARY KEY (tenant, id)
      ) STRICT;
      CREATE UNIQUE INDEX view_action_idx ON view_action (tenant, idx);
      CREATE INDEX view_action_state ON view_action (tenant, state, idx);
      CREATE INDEX view_action_principal ON view_action (tenant, principal, idx);
      CREATE INDEX view_action_run ON view_action (tenant, run, idx) WHERE run IS NOT NULL;
      CREATE INDEX view_action_expiry ON view_action (expires_ms) WHERE expires_ms IS NOT NULL;
      CREATE TABLE view_ticket (
        tenant TEXT NOT NULL,
        id TEXT NOT NULL,
        action TEXT NOT NULL,
        PRIMARY KEY (tenant, id)
      ) STRICT;
      CREATE TABLE view_entry (
        tenant TEXT NOT NULL,
        idx INTEGER NOT NULL,
        kind TEXT NOT NULL,
        run TEXT,
        PRIMARY KEY (tenant, idx)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX view_entry_run ON view_entry (tenant, run, idx);
      CREATE INDEX view_entry_kind ON view_entry (tenant, kind, idx);
      CREATE TABLE view_fact (
        tenant TEXT NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (tenant, kind, key)
      ) STRICT;`,
    postgres: `
      CREATE TABLE view_position (
        one integer NOT NULL PRIMARY KEY CHECK (one = 1),
        position bigint NOT NULL,
        clock_ms bigint NOT NULL,
        fold integer NOT NULL
      );
      CREATE TABLE view_action (
        tenant text COLLATE "C" NOT NULL,
        id text COLLATE "C" NOT NULL,
        idx bigint NOT NULL,
        run text COLLATE "C",
        state text COLLATE "C" NOT NULL,
        principal text COLLATE "C" NOT NULL,
        expires_ms bigint,
        contract text,
        doc text NOT NULL,
        PRIMARY KEY (tenant, id)
      );
      CREATE UNIQUE INDEX view_action_idx ON view_action (tenant, idx);
      CREATE INDEX view_action_state ON view_action (tenant, state, idx);
      CREATE INDEX view_action_principal ON view_action (tenant, principal, idx);
      CREATE INDEX view_action_run ON view_action (tenant, run, idx) WHERE run IS NOT NULL;
      CREATE INDEX view_action_expiry ON view_action (expires_ms) WHERE expires_ms IS NOT NULL;
      CREATE TABLE view_ticket (
        tenant text COLLATE "C" NOT NULL,
        id text COLLATE "C" NOT NULL,
        action text NOT NULL,
        PRIMARY KEY (tenant, id)
      );
      CREATE TABLE view_entry (
        tenant text COLLATE "C" NOT NULL,
        idx bigint NOT NULL,
        kind text COLLATE "C" NOT NULL,
        run text COLLATE "C",
        PRIMARY KEY (tenant, idx)
      );
      CREATE INDEX view_entry_run ON view_entry (tenant, run, idx);
      CREATE INDEX view_entry_kind ON view_entry (tenant, kind, idx);
      CREATE TABLE view_fact (
        tenant text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        key text COLLATE "C" NOT NULL,
        doc text NOT NULL,
        PRIMARY KEY (tenant, kind, key)
      );`,
  },
];

/** Counts up whenever folding gives other results: views of another number are rebuilt at start. */
export const FOLD_VERSION = 3;

export const SQL = {
  positionGet: "SELECT position, clock_ms, fold FROM view_position WHERE one = 1",
  positionAdd: "INSERT INTO view_position (one, position, clock_ms, fold) VALUES (1, 0, 0, ?)",
  positionPut: "UPDATE view_position SET position = ?, clock_ms = ?, fold = ? WHERE one = 1 AND position = ?",
  actionAdd: `INSERT INTO view_action (tenant, id, idx, run, state, principal, expires_ms, contract, doc)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  actionPut: "UPDATE view_action SET state = ?, expires_ms = ?, doc = ? WHERE tenant = ? AND id = ?",
  actionGet: "SELECT contract, doc FROM view_action WHERE tenant = ? AND id = ?",
  contractDrop: "UPDATE view_action SET contract = NULL WHERE tenant = ? AND idx = ?",
  ticketAdd: "INSERT INTO view_ticket (tenant, id, action) VALUES (?, ?, ?)",
  ticketGet: "SELECT action FROM view_ticket WHERE tenant = ? AND id = ?",
  entryAdd: "INSERT INTO view_entry (tenant, idx, kind, run) VALUES (?, ?, ?, ?)",
  factPut: `INSERT INTO view_fact (tenant, kind, key, doc) VALUES (?, ?, ?, ?)
    ON CONFLICT (tenant, kind, key) DO UPDATE SET doc = excluded.doc`,
  factAll: "SELECT tenant, kind, key, doc FROM view_fact ORDER BY tenant, kind, key",
  expired:
    "SELECT tenant, id FROM view_action WHERE expires_ms IS NOT NULL AND expires_ms <= ? ORDER BY expires_ms LIMIT ?",
  counts: `SELECT state, count(*) AS n FROM view_action
    WHERE tenant = ? AND state IN ('held', 'running') GROUP BY state`,
  actionCount: "SELECT count(*) AS n FROM view_action",
} as const;

/** What rebuilding empties. */
export const VIEW_TABLES = ["view_action", "view_ticket", "view_entry", "view_fact"] as const;
