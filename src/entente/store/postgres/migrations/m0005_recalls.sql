-- Which record a message brought: what was received before is read once for it.
ALTER TABLE inbox ADD COLUMN record_id text COLLATE "C";
UPDATE inbox SET record_id = (convert_from(sealed, 'UTF8')::json ->> 'body')::json -> 'record' ->> 'id'
WHERE type IN ('disclosure', 'notification', 'correction') AND length(sealed) > 0;

CREATE INDEX inbox_record ON inbox (record_id, partner, seq) WHERE record_id IS NOT NULL;
CREATE INDEX inbox_id ON inbox (id);
CREATE INDEX outbox_id ON outbox (id);

-- A record is called back: by us from a partner, or by a partner from us.
CREATE TABLE recall (
    direction text COLLATE "C" NOT NULL CHECK (direction IN ('given', 'taken')),
    partner text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    agreement text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    wanted text COLLATE "C" NOT NULL,
    due timestamptz,
    state text COLLATE "C" NOT NULL,
    cause text COLLATE "C" NOT NULL,
    who text COLLATE "C" NOT NULL,
    is_simulated boolean NOT NULL,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    receipt bytea,
    PRIMARY KEY (direction, partner, about)
);

CREATE INDEX recall_id ON recall (id);
CREATE INDEX recall_record ON recall (record_id);
CREATE INDEX recall_cause ON recall (cause) WHERE cause <> '';

-- What may not come back, by whatever way.
CREATE TABLE recalled (
    said_by text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    held_id text COLLATE "C" NOT NULL,
    via text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    wanted text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    recall text COLLATE "C" NOT NULL,
    mark text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (said_by, record_id, held_id)
);

CREATE INDEX recalled_record ON recalled (record_id);
CREATE INDEX recalled_held ON recalled (held_id);
CREATE INDEX recalled_mark ON recalled (mark) WHERE mark <> '';

-- Whether a holder may hand a record on: what was asked, and what its originator answered.
CREATE TABLE redisclosure (
    direction text COLLATE "C" NOT NULL CHECK (direction IN ('asked', 'asked-of-us')),
    partner text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    recipient text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL,
    agreement text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    fields bytea NOT NULL,
    granted_until date,
    answer text COLLATE "C" NOT NULL,
    is_simulated boolean NOT NULL,
    created_at timestamptz NOT NULL,
    answered_at timestamptz,
    PRIMARY KEY (direction, partner, id)
);
