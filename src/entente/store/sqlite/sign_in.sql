-- name: put_passkey
INSERT INTO passkey (id, account, title, public_key, sign_count, added_at, used_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    account = excluded.account, title = excluded.title, public_key = excluded.public_key,
    sign_count = excluded.sign_count, added_at = excluded.added_at, used_at = excluded.used_at;

-- name: passkey
SELECT id, account, title, public_key, sign_count, added_at, used_at
FROM passkey
WHERE id = ?;

-- name: passkeys
SELECT id, account, title, public_key, sign_count, added_at, used_at
FROM passkey
WHERE account = ?
ORDER BY added_at, id;

-- name: drop_passkey
DELETE FROM passkey
WHERE id = ?;

-- name: put_identity
INSERT INTO identity (issuer, subject, account, linked_at, linked_by)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (issuer, subject) DO UPDATE SET
    account = excluded.account, linked_at = excluded.linked_at, linked_by = excluded.linked_by;

-- name: identity
SELECT issuer, subject, account, linked_at, linked_by
FROM identity
WHERE issuer = ? AND subject = ?;

-- name: identities
SELECT issuer, subject, account, linked_at, linked_by
FROM identity
WHERE account = ?
ORDER BY issuer, subject;

-- name: drop_identity
DELETE FROM identity
WHERE issuer = ? AND subject = ?;

-- name: put_step
INSERT INTO step (token, kind, account, held, started_at)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (token, kind) DO UPDATE SET
    account = excluded.account, held = excluded.held, started_at = excluded.started_at;

-- name: take_step
DELETE FROM step
WHERE token = ? AND kind = ?
RETURNING token, kind, account, held, started_at;

-- name: step_count
SELECT count(*) FROM step;

-- name: drop_steps
DELETE FROM step
WHERE started_at < ?;
