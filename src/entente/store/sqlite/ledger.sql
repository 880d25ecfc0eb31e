-- name: head
SELECT size, frontier FROM ledger_head;

-- name: move_head
INSERT INTO ledger_head (size, frontier) VALUES (?, ?)
ON CONFLICT (one) DO UPDATE SET size = excluded.size, frontier = excluded.frontier;

-- name: add
INSERT INTO entry ("index", type, at, subject, data, leaf_hash, opening, salt)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: page
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE "index" >= ? AND "index" < ?
ORDER BY "index"
LIMIT ?;

-- name: before
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE "index" < ?1
ORDER BY "index" DESC
LIMIT ?2;

-- name: before_of_type
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE type = ?3 AND "index" < ?1
ORDER BY "index" DESC
LIMIT ?2;

-- name: before_about
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE subject = ?4 AND "index" < ?1 AND (?3 = '' OR type = ?3)
ORDER BY "index" DESC
LIMIT ?2;

-- name: about
SELECT "index", type, at, subject, data, leaf_hash, opening, salt
FROM entry
WHERE subject = ?
ORDER BY "index";

-- name: erase_openings
UPDATE entry SET opening = NULL, salt = NULL
WHERE subject = ? AND opening IS NOT NULL;

-- name: add_checkpoint
INSERT INTO checkpoint (origin, size, note, at) VALUES (?, ?, ?, ?);

-- name: checkpoint_at
SELECT note FROM checkpoint WHERE origin = ? AND size = ?;

-- name: checkpoints
SELECT origin, size, note, at
FROM checkpoint
WHERE origin = ? AND size >= ?
ORDER BY size;
