-- What is owed about a message, by us or to us. No reference to outbox or inbox: one column, two streams.
CREATE TABLE duty (
    direction TEXT NOT NULL CHECK (direction IN ('owed-by-us', 'owed-to-us')),
    partner TEXT NOT NULL,
    about TEXT NOT NULL,
    record_id TEXT NOT NULL,
    record_version INTEGER NOT NULL,
    agreement TEXT NOT NULL,
    due TEXT,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    note TEXT NOT NULL,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    created_at TEXT NOT NULL,
    acknowledged_at TEXT,
    answered_at TEXT,
    PRIMARY KEY (direction, partner, about)
) STRICT;

CREATE INDEX duty_open ON duty (direction, partner, about) WHERE state IN ('owed', 'acknowledged');
CREATE INDEX duty_record ON duty (record_id);

-- The version of each record that a version of a finding rests on.
CREATE TABLE evidence (
    finding_id TEXT NOT NULL,
    finding_version INTEGER NOT NULL,
    record_id TEXT NOT NULL,
    record_version INTEGER NOT NULL,
    PRIMARY KEY (finding_id, finding_version, record_id)
) STRICT;

CREATE INDEX evidence_record ON evidence (record_id);
