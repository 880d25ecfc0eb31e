-- name: heads
SELECT id, version, digest, content_digest
FROM record
WHERE is_current AND id = ANY($1);

-- name: versions_of
SELECT id, version
FROM record
WHERE id = ANY($1);

-- name: retire
UPDATE record SET is_current = false
WHERE is_current AND id = ANY($1);

-- name: add
COPY record (
    id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until,
    is_current
) FROM STDIN (FORMAT binary);

-- name: add_one
INSERT INTO record (
    id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until,
    is_current
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: current
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE is_current AND id = $1;

-- name: version
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE id = $1 AND version = $2;

-- name: versions
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE id = $1
ORDER BY version;

-- name: current_page
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE is_current AND length(body) > 0 AND id > $1 AND ($2::boolean IS NULL OR (via IS NULL) = $2)
ORDER BY id
LIMIT $3;

-- name: current_page_of_kind
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE is_current AND length(body) > 0 AND kind = $4 AND id > $1 AND ($2::boolean IS NULL OR (via IS NULL) = $2)
ORDER BY id
LIMIT $3;

-- name: counts
SELECT kind, via, count(*)
FROM record
WHERE is_current
GROUP BY kind, via
ORDER BY kind, via NULLS FIRST;

-- name: erase
UPDATE record SET body = '', digest = '', content_digest = ''
WHERE id = $1;

-- name: unlist
DELETE FROM listing
WHERE record_id = $1;

-- name: erase_settled_messages
UPDATE outbox SET sealed = ''
WHERE record_id = $1 AND state NOT IN ('queued', 'sent');

-- name: erase_received_messages
UPDATE inbox SET sealed = ''
WHERE record_id = $1;
