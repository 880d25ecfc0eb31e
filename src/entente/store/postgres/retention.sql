-- name: put_hold
INSERT INTO hold (record_id, who, why, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (record_id) DO UPDATE SET who = excluded.who, why = excluded.why, since = excluded.since;

-- name: drop_hold
DELETE FROM hold
WHERE record_id = $1;

-- name: all_holds
SELECT record_id, who, why, since
FROM hold
ORDER BY record_id;

-- name: holds_of
SELECT record_id, who, why, since
FROM hold
WHERE record_id = ANY($1)
ORDER BY record_id;

-- name: retained
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE
    is_current AND via IS NOT NULL AND digest <> '' AND retain_until <= $1
    AND (retain_until, id) > ($2, $3)
    AND ($4::text = '' OR via = $4)
ORDER BY retain_until, id
LIMIT $5;

-- name: retained_counts
SELECT
    kind, via, coalesce(convert_from(handling, 'UTF8')::jsonb ->> 'agreement', '') AS agreement, retain_until, is_simulated,
    (hold.record_id IS NOT NULL) AS is_held, count(*)
FROM record
LEFT JOIN hold ON hold.record_id = record.id
WHERE is_current AND via IS NOT NULL AND digest <> '' AND retain_until <= $1
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 4, 5, 6;

-- name: own_before
SELECT id, version, kind, said_by, digest, content_digest, body, recorded_at, is_simulated, via, handling, retain_until
FROM record
WHERE is_current AND via IS NULL AND digest <> '' AND kind = $1 AND recorded_at < $2 AND id > $3
ORDER BY id
LIMIT $4;

-- name: own_counts_before
SELECT is_simulated, (hold.record_id IS NOT NULL) AS is_held, count(*)
FROM record
LEFT JOIN hold ON hold.record_id = record.id
WHERE is_current AND via IS NULL AND digest <> '' AND kind = $1 AND recorded_at < $2
GROUP BY 1, 2
ORDER BY 1, 2;
