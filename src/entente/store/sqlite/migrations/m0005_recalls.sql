-- Which record a message brought: what was received before is read once for it.
ALTER TABLE inbox ADD COLUMN record_id TEXT;
UPDATE inbox SET record_id = json_extract(json_extract(CAST(sealed AS TEXT), '$.body'), '$.record.id')
WHERE type IN ('disclosure', 'notification', 'correction') AND length(sealed) > 0 AND json_valid(CAST(sealed AS TEXT));

CREATE INDEX inbox_record ON inbox (record_id, partner, seq) WHERE record_id IS NOT NULL;
CREATE INDEX inbox_id ON inbox (id);
CREATE INDEX outbox_id ON outbox (id);

-- A record is called back: by us from a partner, or by a partner from us.
CREATE TABLE recall (
    direction TEXT NOT NULL CHECK (direction IN ('given', 'taken')),
    partner TEXT NOT NULL,
    about TEXT NOT NULL,
    id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    agreement TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    wanted TEXT NOT NULL,
    due TEXT,
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    who TEXT NOT NULL,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    created_at TEXT NOT NULL,
    settled_at TEXT,
    receipt BLOB,
    PRIMARY KEY (direction, partner, about)
) STRICT;

CREATE INDEX recall_id ON recall (id);
CREATE INDEX recall_record ON recall (record_id);
CREATE INDEX recall_cause ON recall (cause) WHERE cause <> '';

-- What may not come back, by whatever way.
CREATE TABLE recalled (
    said_by TEXT NOT NULL,
    record_id TEXT NOT NULL,
    held_id TEXT NOT NULL,
    via TEXT NOT NULL,
    kind TEXT NOT NULL,
    wanted TEXT NOT NULL,
    reason TEXT NOT NULL,
    recall TEXT NOT NULL,
    mark TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (said_by, record_id, held_id)
) STRICT;

CREATE INDEX recalled_record ON recalled (record_id);
CREATE INDEX recalled_held ON recalled (held_id);
CREATE INDEX recalled_mark ON recalled (mark) WHERE mark <> '';

-- Whether a holder may hand a record on: what was asked, and what its originator answered.
CREATE TABLE redisclosure (
    direction TEXT NOT NULL CHECK (direction IN ('asked', 'asked-of-us')),
    partner TEXT NOT NULL,
    id TEXT NOT NULL,
    about TEXT NOT NULL,
    record_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    purpose TEXT NOT NULL,
    why TEXT NOT NULL,
    agreement TEXT NOT NULL,
    state TEXT NOT NULL,
    fields BLOB NOT NULL,
    granted_until TEXT,
    answer TEXT NOT NULL,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    created_at TEXT NOT NULL,
    answered_at TEXT,
    PRIMARY KEY (direction, partner, id)
) STRICT;
