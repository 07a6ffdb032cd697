/** The schema of routex.db, one entry a version; what stands here was shipped and is never changed. */
export const configMigrations: readonly string[] = [
  `
  CREATE TABLE channels (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    protocol TEXT NOT NULL,
    base_url TEXT NOT NULL,
    models TEXT NOT NULL,       -- JSON
    model_map TEXT NOT NULL,    -- JSON
    priority INTEGER NOT NULL,
    weight REAL NOT NULL,
    enabled INTEGER NOT NULL,
    timeouts TEXT NOT NULL,     -- JSON
    ask_for_usage INTEGER NOT NULL,
    sealed BLOB,                -- credential and headers, by the secret box; null when there are none
    created_at REAL NOT NULL
  ) STRICT;

  CREATE TABLE client_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    last4 TEXT NOT NULL,
    sealed BLOB NOT NULL,       -- its text, by the secret box
    allowed_channels TEXT,      -- JSON; null: every channel
    is_default INTEGER NOT NULL,
    created_at REAL NOT NULL
  ) STRICT;

  CREATE TABLE rules (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    definition TEXT NOT NULL    -- JSON
  ) STRICT;

  -- Only what differs from the defaults.
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL         -- JSON
  ) STRICT, WITHOUT ROWID;

  -- Who changed what. Never a secret: of a credential only that it changed, of headers only their names.
  CREATE TABLE history (
    seq INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_id TEXT,
    subject_name TEXT,
    change TEXT NOT NULL        -- JSON
  ) STRICT;

  -- What happened once and is remembered for good.
  CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    at REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE channels ADD COLUMN quirks TEXT NOT NULL DEFAULT '{}'; -- JSON
  `,
  `
  ALTER TABLE channels ADD COLUMN budget TEXT NOT NULL DEFAULT 'null'; -- JSON
  ALTER TABLE client_keys ADD COLUMN budget TEXT NOT NULL DEFAULT 'null'; -- JSON
  `,
  `
  ALTER TABLE channels ADD COLUMN prices TEXT NOT NULL DEFAULT '{}'; -- JSON
  ALTER TABLE channels ADD COLUMN price_multiplier REAL NOT NULL DEFAULT 1;
  `
]
