-- Keys of nodes follow on each other; those who knew the old one know the new one by it. Officers who left have signed.
CREATE TABLE node_key (
    party TEXT NOT NULL,
    kind TEXT NOT NULL,
    public_key TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    state TEXT NOT NULL,
    serial INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (party, kind, public_key)
) STRICT;

CREATE TABLE former_officer (
    party TEXT NOT NULL,
    officer TEXT NOT NULL,
    title TEXT NOT NULL,
    public_key TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    ended_at TEXT NOT NULL,
    PRIMARY KEY (party, officer, public_key)
) STRICT;
