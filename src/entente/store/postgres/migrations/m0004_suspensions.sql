-- The key is the officer's when it came in: a suspension outlives it.
CREATE TABLE agreement_suspension (
    agreement text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (agreement, party, officer)
);
