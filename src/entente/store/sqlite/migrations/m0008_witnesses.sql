-- Cosignatures that partners gave on our checkpoints: each note is ours with that one witness's line.
CREATE TABLE cosignature (
    witness TEXT NOT NULL,
    size INTEGER NOT NULL,
    note BLOB NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (witness, size)
) STRICT;

-- The last comparison of both streams with each partner; `fault` names what kept it from ending.
CREATE TABLE comparison (
    party TEXT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    fault TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- Evidence that a party contradicted what it had signed; `body` convinces others.
CREATE TABLE accusation (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    kind TEXT NOT NULL,
    found_at TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
