-- name: put_duty
INSERT INTO duty (
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (direction, partner, about) DO UPDATE SET
    record_id = excluded.record_id, record_version = excluded.record_version, agreement = excluded.agreement,
    due = excluded.due, state = excluded.state, outcome = excluded.outcome, note = excluded.note,
    is_simulated = excluded.is_simulated, created_at = excluded.created_at,
    acknowledged_at = excluded.acknowledged_at, answered_at = excluded.answered_at;

-- name: duty
SELECT
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at
FROM duty
WHERE direction = $1 AND partner = $2 AND about = $3;

-- name: page
SELECT
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at
FROM duty
WHERE
    (direction, partner, about) > ($1, $2, $3)
    AND ($4::text IS NULL OR direction = $4)
    AND ($5::boolean IS NULL OR (state IN ('owed', 'acknowledged')) = $5)
    AND ($6::text IS NULL OR record_id = $6)
ORDER BY direction, partner, about
LIMIT $7;

-- name: counts
SELECT direction, partner, count(*), count(*) FILTER (WHERE due < $1)
FROM duty
WHERE state IN ('owed', 'acknowledged')
GROUP BY direction, partner
ORDER BY direction, partner;

-- name: add_evidence
INSERT INTO evidence (finding_id, finding_version, record_id, record_version) VALUES ($1, $2, $3, $4)
ON CONFLICT (finding_id, finding_version, record_id) DO UPDATE SET record_version = excluded.record_version;

-- name: evidence
SELECT finding_id, finding_version, record_id, record_version
FROM evidence
WHERE finding_id = $1 AND finding_version = $2
ORDER BY record_id;

-- name: stale_evidence
SELECT evidence.record_id, evidence.record_version, record.version
FROM evidence
JOIN record ON record.id = evidence.record_id AND record.is_current AND record.version > evidence.record_version
WHERE evidence.finding_id = $1 AND evidence.finding_version = $2
ORDER BY evidence.record_id;

-- name: findings_resting_on
SELECT finding_id, finding_version
FROM evidence
WHERE record_id = $1
ORDER BY finding_id, finding_version;
