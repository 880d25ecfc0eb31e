-- Parties without a node: what is for them is handed over by people.
CREATE TABLE outside (
    party TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    added_at TEXT NOT NULL
) STRICT;
