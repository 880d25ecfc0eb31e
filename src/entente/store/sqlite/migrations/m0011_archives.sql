-- Whose turn regular work is, where several processes serve one node, and how it went.
CREATE TABLE turn (
    name TEXT NOT NULL PRIMARY KEY,
    worker TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT;

CREATE TABLE job (
    name TEXT NOT NULL PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    due_at TEXT,
    fault TEXT NOT NULL,
    failures INTEGER NOT NULL
) STRICT;
