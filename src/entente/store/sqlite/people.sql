-- name: put_account
INSERT INTO account (
    name, person, roles, officer, language, password, must_change, is_active, created_at, created_by, password_at,
    given_by, given_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    person = excluded.person, roles = excluded.roles, officer = excluded.officer, language = excluded.language,
    password = excluded.password, must_change = excluded.must_change, is_active = excluded.is_active,
    created_at = excluded.created_at, created_by = excluded.created_by, password_at = excluded.password_at,
    given_by = excluded.given_by, given_at = excluded.given_at;

-- name: account
SELECT
    name, person, roles, officer, language, password, must_change, is_active, created_at, created_by, password_at,
    given_by, given_at
FROM account
WHERE name = ?;

-- name: accounts
SELECT
    name, person, roles, officer, language, password, must_change, is_active, created_at, created_by, password_at,
    given_by, given_at
FROM account
ORDER BY name;

-- name: put_session
INSERT INTO session (token, account, form_token, purpose, why, told, started_at, seen_at, way)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (token) DO UPDATE SET
    account = excluded.account, form_token = excluded.form_token, purpose = excluded.purpose, why = excluded.why,
    told = excluded.told, started_at = excluded.started_at, seen_at = excluded.seen_at,
    way = excluded.way;

-- name: session
SELECT token, account, form_token, purpose, why, told, started_at, seen_at, way
FROM session
WHERE token = ?;

-- name: sessions
SELECT token, account, form_token, purpose, why, told, started_at, seen_at, way
FROM session
WHERE account = ?
ORDER BY started_at, token;

-- name: end_session
DELETE FROM session
WHERE token = ?;

-- name: end_sessions
DELETE FROM session
WHERE account = ?;

-- name: drop_sessions
DELETE FROM session
WHERE seen_at < ?;

-- name: attempt
SELECT name, failures, last_at, locked_until
FROM attempt
WHERE name = ?;

-- name: put_attempt
INSERT INTO attempt (name, failures, last_at, locked_until)
VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until;

-- name: drop_attempt
DELETE FROM attempt
WHERE name = ?;

-- name: drop_attempts
DELETE FROM attempt
WHERE last_at < ?1 AND (locked_until IS NULL OR locked_until < ?1);
