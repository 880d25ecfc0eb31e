-- Whose turn regular work is, where several processes serve one node, and how it went.
CREATE TABLE turn (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    worker text COLLATE "C" NOT NULL,
    until timestamptz NOT NULL
);

CREATE TABLE job (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    due_at timestamptz,
    fault text COLLATE "C" NOT NULL,
    failures bigint NOT NULL
);
