/** The schema of logs.db, one entry a version; what stands here was shipped and is never changed. */
export const logMigrations: readonly string[] = [
  `
  CREATE TABLE requests (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at REAL NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    protocol TEXT,
    operation TEXT,
    client_key_id TEXT,
    client_key_name TEXT,
    client TEXT,
    session_id TEXT,
    model TEXT,
    stream INTEGER NOT NULL,
    channel_id TEXT,
    channel_name TEXT,
    upstream_host TEXT,
    sent_model TEXT,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    error_code TEXT,
    error_message TEXT,
    total_ms REAL NOT NULL,
    first_byte_ms REAL,
    own_ms REAL NOT NULL,
    request_bytes INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL,
    -- tokens (B31); all null when the upstream sent no usage
    input INTEGER,
    cache_read INTEGER,
    cache_write INTEGER,
    cache_write_1h INTEGER,
    output INTEGER,
    reasoning INTEGER,
    raw_usage TEXT,
    -- JSON, as record-codec.ts writes it
    attempts TEXT NOT NULL,
    excluded TEXT NOT NULL,
    demo INTEGER NOT NULL,
    cost_usd REAL,
    price_source TEXT
  ) STRICT;
  CREATE INDEX requests_by_time ON requests (at);

  -- unit: length of the bucket in ms (a minute, an hour, a day, all UTC). '' stands for none.
  CREATE TABLE rollups (
    unit INTEGER NOT NULL,
    at INTEGER NOT NULL,
    channel_id TEXT NOT NULL,
    model TEXT NOT NULL,
    client_key_id TEXT NOT NULL,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    input INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write INTEGER NOT NULL,
    output INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    usage_unknown INTEGER NOT NULL,
    cost_usd REAL,
    cost_unknown INTEGER NOT NULL,
    -- JSON, as histogram.ts writes it
    total_ms TEXT NOT NULL,
    first_byte_ms TEXT NOT NULL,
    PRIMARY KEY (unit, at, channel_id, model, client_key_id)
  ) STRICT, WITHOUT ROWID;

  -- How far each segment of the journal was committed, in bytes.
  CREATE TABLE journal_offsets (
    segment TEXT PRIMARY KEY,
    offset INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Which channel made the state of an id; the newest has the highest seq.
  CREATE TABLE stored_states (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    channel_id TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- of the channel: another than the client's means that the request was translated
  ALTER TABLE requests ADD COLUMN channel_protocol TEXT;
  -- what the translation lost
  ALTER TABLE requests ADD COLUMN warnings TEXT;
  `
]
