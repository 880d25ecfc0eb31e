-- Keys of nodes follow on each other; those who knew the old one know the new one by it. Officers who left have signed.
CREATE TABLE node_key (
    party text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    state text COLLATE "C" NOT NULL,
    serial bigint NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (party, kind, public_key)
);

CREATE TABLE former_officer (
    party text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    ended_at timestamptz NOT NULL,
    PRIMARY KEY (party, officer, public_key)
);
