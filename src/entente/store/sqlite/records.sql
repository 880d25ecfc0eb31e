-- name: heads
SELECT id, version, digest, content_digest
FROM record
WHERE is_current = 1 AND id IN (SELECT value FROM json_each(?));

-- name: versions_of
SELECT id, version
FROM record
WHERE id IN (SELECT value FROM json_each(?));

-- name: retire
UPDATE record SET is_current = 0
WHERE is_current = 1 AND id IN (SELECT value FROM json_each(?));

-- name: add
INSERT INTO record (
    id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until,
    is_current
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: current
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE is_current = 1 AND id = ?;

-- name: version
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE id = ? AND version = ?;

-- name: versions
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE id = ?
ORDER BY version;

-- name: current_page
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE is_current = 1 AND length(body) > 0 AND id > ?1 AND (?2 IS NULL OR (via IS NULL) = ?2)
ORDER BY id
LIMIT ?3;

-- name: current_page_of_kind
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE is_current = 1 AND length(body) > 0 AND kind = ?4 AND id > ?1 AND (?2 IS NULL OR (via IS NULL) = ?2)
ORDER BY id
LIMIT ?3;

-- name: counts
SELECT kind, via, count(*)
FROM record
WHERE is_current = 1
GROUP BY kind, via
ORDER BY kind, via NULLS FIRST;

-- name: erase
UPDATE record SET body = x'', digest = '', content_digest = ''
WHERE id = ?;

-- name: unlist
DELETE FROM listing
WHERE record_id = ?;

-- name: erase_settled_messages
UPDATE outbox SET sealed = x''
WHERE record_id = ? AND state NOT IN ('queued', 'sent');

-- name: erase_received_messages
UPDATE inbox SET sealed = x''
WHERE record_id = ?;
