-- name: put_listing
INSERT INTO listing (record_id, kind, said_by, via, is_simulated, recorded_at, day, place, purposes, words)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (record_id) DO UPDATE SET
    kind = excluded.kind, said_by = excluded.said_by, via = excluded.via, is_simulated = excluded.is_simulated,
    recorded_at = excluded.recorded_at, day = excluded.day, place = excluded.place, purposes = excluded.purposes,
    words = excluded.words;

-- name: gaps
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE
    is_current = 1 AND id > ? AND digest <> ''
    AND NOT EXISTS (SELECT 1 FROM listing WHERE listing.record_id = record.id)
ORDER BY id
LIMIT ?;
