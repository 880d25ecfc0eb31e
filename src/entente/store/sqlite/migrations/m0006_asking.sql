-- What partners ask of each other. No reference to outbox or inbox: one column, two streams.
CREATE TABLE asking (
    direction TEXT NOT NULL CHECK (direction IN ('asked-by-us', 'asked-of-us')),
    partner TEXT NOT NULL,
    about TEXT NOT NULL,
    type TEXT NOT NULL,
    agreement TEXT NOT NULL,
    purpose TEXT NOT NULL,
    kind TEXT NOT NULL,
    urgency TEXT NOT NULL,
    due TEXT,
    state TEXT NOT NULL,
    body BLOB NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    who TEXT NOT NULL,
    found BLOB NOT NULL,
    approvals BLOB NOT NULL,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    created_at TEXT NOT NULL,
    leaves_at TEXT,
    settled_at TEXT,
    PRIMARY KEY (direction, partner, about)
) STRICT;

CREATE INDEX asking_state ON asking (direction, state, partner, about);
CREATE INDEX asking_day ON asking (partner, agreement, purpose, type, created_at) WHERE direction = 'asked-of-us';
