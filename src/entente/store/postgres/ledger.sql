-- name: head
SELECT size, frontier FROM ledger_head;

-- name: move_head
INSERT INTO ledger_head (size, frontier) VALUES ($1, $2)
ON CONFLICT (one) DO UPDATE SET size = excluded.size, frontier = excluded.frontier;

-- name: add
COPY entry ("index", type, at, subject, data, leaf_hash, opening, salt) FROM STDIN (FORMAT binary);

-- name: page
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE "index" >= $1 AND "index" < $2
ORDER BY "index"
LIMIT $3;

-- name: before
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE "index" < $1
ORDER BY "index" DESC
LIMIT $2;

-- name: before_of_type
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE type = $3 AND "index" < $1
ORDER BY "index" DESC
LIMIT $2;

-- name: before_about
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE subject = $4 AND "index" < $1 AND ($3 = '' OR type = $3)
ORDER BY "index" DESC
LIMIT $2;

-- name: about
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE subject = $1
ORDER BY "index";

-- name: erase_openings
UPDATE entry SET opening = NULL, salt = NULL
WHERE subject = $1 AND opening IS NOT NULL;

-- name: add_checkpoint
INSERT INTO checkpoint (origin, size, note, at) VALUES ($1, $2, $3, $4);

-- name: checkpoint_at
SELECT note FROM checkpoint WHERE origin = $1 AND size = $2;

-- name: checkpoints
SELECT origin, size, note, at
FROM checkpoint
WHERE origin = $1 AND size >= $2
ORDER BY size;
