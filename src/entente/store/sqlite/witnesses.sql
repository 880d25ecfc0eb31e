-- name: add_cosignature
INSERT INTO cosignature (witness, size, note, at) VALUES (?, ?, ?, ?)
ON CONFLICT (witness, size) DO UPDATE SET note = excluded.note, at = excluded.at;

-- name: cosignatures
SELECT witness, size, note, at
FROM cosignature
ORDER BY witness, size;

-- name: newest_checkpoint
SELECT origin, size, note, at
FROM checkpoint
WHERE origin = ?
ORDER BY size DESC
LIMIT 1;

-- name: checkpoint_of
SELECT origin, size, note, at
FROM checkpoint
WHERE origin = ? AND size = ?;

-- name: put_comparison
INSERT INTO comparison (party, at, fault, body) VALUES (?, ?, ?, ?)
ON CONFLICT (party) DO UPDATE SET at = excluded.at, fault = excluded.fault, body = excluded.body;

-- name: comparisons
SELECT party, at, fault, body
FROM comparison
ORDER BY party;

-- name: add_accusation
INSERT INTO accusation (id, party, kind, found_at, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING;

-- name: accusations
SELECT id, party, kind, found_at, body
FROM accusation
ORDER BY found_at, id;
