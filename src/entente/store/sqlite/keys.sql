-- name: put_key
INSERT INTO node_key (party, kind, public_key, valid_from, valid_until, state, serial, added_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (party, kind, public_key) DO UPDATE SET
    valid_from = excluded.valid_from, valid_until = excluded.valid_until, state = excluded.state,
    serial = excluded.serial, added_at = excluded.added_at;

-- name: node_keys
SELECT party, kind, public_key, valid_from, valid_until, state, serial, added_at
FROM node_key
WHERE ?1 IS NULL OR party = ?1
ORDER BY party, kind, serial, public_key;

-- name: remove_officer
DELETE FROM officer WHERE party = ? AND officer = ? AND public_key = ?;

-- name: put_former
INSERT INTO former_officer (party, officer, title, public_key, valid_from, valid_until, ended_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (party, officer, public_key) DO UPDATE SET
    title = excluded.title, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
    ended_at = excluded.ended_at;

-- name: former_officers
SELECT party, officer, title, public_key, valid_from, valid_until, ended_at
FROM former_officer
ORDER BY party, officer, public_key;
