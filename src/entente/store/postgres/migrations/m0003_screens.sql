ALTER TABLE intake ADD COLUMN size bigint NOT NULL DEFAULT 0;
ALTER TABLE intake ADD COLUMN "position" bigint NOT NULL DEFAULT 0;
ALTER TABLE intake ADD COLUMN header bytea NOT NULL DEFAULT '';
ALTER TABLE intake ADD COLUMN corrects text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE intake ADD COLUMN is_simulated boolean NOT NULL DEFAULT false;

CREATE TABLE account (
    name text COLLATE "C" PRIMARY KEY,
    person bytea NOT NULL,
    roles text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL,
    password text COLLATE "C" NOT NULL,
    must_change boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    password_at timestamptz NOT NULL
);

CREATE TABLE session (
    token text COLLATE "C" PRIMARY KEY,
    account text COLLATE "C" NOT NULL REFERENCES account (name),
    form_token text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL,
    told bytea NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);

CREATE INDEX session_account ON session (account);

-- No reference to account: people mistype names, and attackers guess them.
CREATE TABLE attempt (
    name text COLLATE "C" PRIMARY KEY,
    failures bigint NOT NULL,
    last_at timestamptz NOT NULL,
    locked_until timestamptz
);

-- What the current version of each record is found by. The indexes are the orders in which lists are read.
CREATE TABLE listing (
    record_id text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    said_by text COLLATE "C" NOT NULL,
    via text COLLATE "C",
    is_simulated boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    day text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    purposes text COLLATE "C" NOT NULL,
    words text COLLATE "C" NOT NULL
);

CREATE INDEX listing_recorded ON listing (recorded_at, record_id);
CREATE INDEX listing_day ON listing (day, record_id);
CREATE INDEX listing_kind ON listing (kind, record_id);

CREATE INDEX entry_type ON entry (type, "index");
