-- Cosignatures that partners gave on our checkpoints: each note is ours with that one witness's line.
CREATE TABLE cosignature (
    witness text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    note bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (witness, size)
);

-- The last comparison of both streams with each partner; `fault` names what kept it from ending.
CREATE TABLE comparison (
    party text COLLATE "C" NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    fault text COLLATE "C" NOT NULL,
    body bytea NOT NULL
);

-- Evidence that a party contradicted what it had signed; `body` convinces others.
CREATE TABLE accusation (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    party text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    found_at timestamptz NOT NULL,
    body bytea NOT NULL
);
