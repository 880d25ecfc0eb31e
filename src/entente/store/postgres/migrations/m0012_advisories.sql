-- Parties without a node: what is for them is handed over by people.
CREATE TABLE outside (
    party text COLLATE "C" NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL,
    added_at timestamptz NOT NULL
);
