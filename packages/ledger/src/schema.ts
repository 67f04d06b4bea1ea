import type { Migration } from "@writ/store";

/**
 * The ledger's tables (spec ledger.md §5), in steps that stay as released. Private content is erased in SQLite by
 * overwriting its row in place: deleting rows makes the B-tree merge pages, which leaves copies of the rows it moves
 * in the gaps of pages, beyond the reach of `secure_delete` and of a later erasure.
 */
export const LEDGER_MIGRATIONS: readonly Migration[] = [
  {
    component: "ledger",
    number: 1,
    sqlite: `
CREATE TABLE meta (k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT;
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL,
                   frontier BLOB NOT NULL, ver INTEGER NOT NULL) STRICT;
CREATE TABLE entry (idx INTEGER PRIMARY KEY, id BLOB NOT NULL, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX entry_id ON entry (id);
CREATE TABLE tile (pos INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
CREATE TABLE source (id BLOB PRIMARY KEY, next INTEGER NOT NULL) STRICT;
CREATE TABLE guard (key TEXT PRIMARY KEY, idx INTEGER NOT NULL) STRICT;
CREATE TABLE private_content (idx INTEGER NOT NULL, field TEXT NOT NULL, salt BLOB NOT NULL, body BLOB NOT NULL,
                              subject BLOB, erased INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (idx, field)) STRICT;
CREATE INDEX private_subject ON private_content (subject) WHERE subject IS NOT NULL;
CREATE VIEW private AS SELECT idx, field, salt, body, subject FROM private_content WHERE erased = 0;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL,
                         shown INTEGER NOT NULL) STRICT;
CREATE TRIGGER content_stays BEFORE DELETE ON private_content
  BEGIN SELECT RAISE(ABORT, 'private content is overwritten, never removed'); END;
CREATE TRIGGER entry_keeps BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;
CREATE TRIGGER tile_keeps BEFORE UPDATE ON tile BEGIN SELECT RAISE(ABORT, 'tiles are never changed'); END;
CREATE TRIGGER tile_stays BEFORE DELETE ON tile BEGIN SELECT RAISE(ABORT, 'tiles are never removed'); END;
`,
    postgres: `
CREATE TABLE meta (log bigint NOT NULL, k text NOT NULL, v text NOT NULL, PRIMARY KEY (log, k));
CREATE TABLE head (log bigint PRIMARY KEY, size bigint NOT NULL, root bytea NOT NULL, frontier bytea NOT NULL,
                   ver bigint NOT NULL);
CREATE TABLE entry (log bigint NOT NULL, idx bigint NOT NULL, id bytea NOT NULL, body text NOT NULL,
                    PRIMARY KEY (log, idx));
CREATE UNIQUE INDEX entry_id ON entry (log, id);
CREATE TABLE tile (log bigint NOT NULL, pos bigint NOT NULL, hashes bytea NOT NULL, PRIMARY KEY (log, pos));
CREATE TABLE source (log bigint NOT NULL, id bytea NOT NULL, next bigint NOT NULL, PRIMARY KEY (log, id));
CREATE TABLE guard (log bigint NOT NULL, key text NOT NULL, idx bigint NOT NULL, PRIMARY KEY (log, key));
CREATE TABLE private_content (log bigint NOT NULL, idx bigint NOT NULL, field text NOT NULL, salt bytea NOT NULL,
                              body bytea NOT NULL, subject bytea, PRIMARY KEY (log, idx, field));
CREATE INDEX private_subject ON private_content (log, subject) WHERE subject IS NOT NULL;
CREATE VIEW private AS SELECT log, idx, field, salt, body, subject FROM private_content;
CREATE TABLE checkpoint (log bigint NOT NULL, size bigint NOT NULL, root bytea NOT NULL, note text NOT NULL,
                         at bigint NOT NULL, shown bigint NOT NULL, PRIMARY KEY (log, size));
CREATE FUNCTION writ_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $body$ BEGIN RAISE EXCEPTION 'entries and tiles are never changed or removed'; END $body$;
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION writ_append_only();
CREATE TRIGGER tile_stays BEFORE UPDATE OR DELETE ON tile FOR EACH ROW EXECUTE FUNCTION writ_append_only();
CREATE TRIGGER entry_whole BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION writ_append_only();
CREATE TRIGGER tile_whole BEFORE TRUNCATE ON tile FOR EACH STATEMENT EXECUTE FUNCTION writ_append_only();
`,
  },
];
