-- What partners ask of each other. No reference to outbox or inbox: one column, two streams.
CREATE TABLE asking (
    direction text COLLATE "C" NOT NULL CHECK (direction IN ('asked-by-us', 'asked-of-us')),
    partner text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    agreement text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    urgency text COLLATE "C" NOT NULL,
    due timestamptz,
    state text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    who text COLLATE "C" NOT NULL,
    found bytea NOT NULL,
    approvals bytea NOT NULL,
    is_simulated boolean NOT NULL,
    created_at timestamptz NOT NULL,
    leaves_at timestamptz,
    settled_at timestamptz,
    PRIMARY KEY (direction, partner, about)
);

CREATE INDEX asking_state ON asking (direction, state, partner, about);
CREATE INDEX asking_day ON asking (partner, agreement, purpose, type, created_at) WHERE direction = 'asked-of-us';
