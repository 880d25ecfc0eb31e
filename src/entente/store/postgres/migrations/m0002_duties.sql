-- What is owed about a message, by us or to us. No reference to outbox or inbox: one column, two streams.
CREATE TABLE duty (
    direction text COLLATE "C" NOT NULL CHECK (direction IN ('owed-by-us', 'owed-to-us')),
    partner text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    record_version bigint NOT NULL,
    agreement text COLLATE "C" NOT NULL,
    due timestamptz,
    state text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    is_simulated boolean NOT NULL,
    created_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    answered_at timestamptz,
    PRIMARY KEY (direction, partner, about)
);

CREATE INDEX duty_open ON duty (direction, partner, about) WHERE state IN ('owed', 'acknowledged');
CREATE INDEX duty_record ON duty (record_id);

-- The version of each record that a version of a finding rests on.
CREATE TABLE evidence (
    finding_id text COLLATE "C" NOT NULL,
    finding_version bigint NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    record_version bigint NOT NULL,
    PRIMARY KEY (finding_id, finding_version, record_id)
);

CREATE INDEX evidence_record ON evidence (record_id);
