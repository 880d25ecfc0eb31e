ALTER TABLE intake ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intake ADD COLUMN "position" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intake ADD COLUMN header BLOB NOT NULL DEFAULT x'';
ALTER TABLE intake ADD COLUMN corrects TEXT NOT NULL DEFAULT '';
ALTER TABLE intake ADD COLUMN is_simulated INTEGER NOT NULL DEFAULT 0;

CREATE TABLE account (
    name TEXT NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    roles TEXT NOT NULL,
    officer TEXT NOT NULL,
    language TEXT NOT NULL,
    password TEXT NOT NULL,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    password_at TEXT NOT NULL
) STRICT;

CREATE TABLE session (
    token TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    form_token TEXT NOT NULL,
    purpose TEXT NOT NULL,
    why TEXT NOT NULL,
    told BLOB NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;

CREATE INDEX session_account ON session (account);

-- No reference to account: people mistype names, and attackers guess them.
CREATE TABLE attempt (
    name TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TEXT NOT NULL,
    locked_until TEXT
) STRICT;

-- What the current version of each record is found by. The indexes are the orders in which lists are read.
CREATE TABLE listing (
    record_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    said_by TEXT NOT NULL,
    via TEXT,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    recorded_at TEXT NOT NULL,
    day TEXT NOT NULL,
    place TEXT NOT NULL,
    purposes TEXT NOT NULL,
    words TEXT NOT NULL
) STRICT;

CREATE INDEX listing_recorded ON listing (recorded_at, record_id);
CREATE INDEX listing_day ON listing (day, record_id);
CREATE INDEX listing_kind ON listing (kind, record_id);

CREATE INDEX entry_type ON entry (type, "index");
