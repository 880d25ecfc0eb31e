-- The key is the officer's when it came in: a suspension outlives it.
CREATE TABLE agreement_suspension (
    agreement TEXT NOT NULL,
    party TEXT NOT NULL,
    officer TEXT NOT NULL,
    public_key TEXT NOT NULL,
    body BLOB NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (agreement, party, officer)
) STRICT;
