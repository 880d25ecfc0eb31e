-- name: put_duty
INSERT INTO duty (
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at, reminded
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (direction, partner, about) DO UPDATE SET
    record_id = excluded.record_id, record_version = excluded.record_version, agreement = excluded.agreement,
    due = excluded.due, state = excluded.state, outcome = excluded.outcome, note = excluded.note,
    is_simulated = excluded.is_simulated, created_at = excluded.created_at,
    acknowledged_at = excluded.acknowledged_at, answered_at = excluded.answered_at,
    reminded = excluded.reminded;

-- name: duty
SELECT
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at, reminded
FROM duty
WHERE direction = $1 AND partner = $2 AND about = $3;

-- name: page
SELECT
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at, reminded
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

-- name: duties_about
SELECT
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at, reminded
FROM duty
WHERE
    direction = $1 AND partner = $2 AND about = ANY($3)
    AND ($4::boolean IS NULL OR (state IN ('owed', 'acknowledged')) = $4);

-- name: duties_beginning
SELECT
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at, reminded
FROM duty
WHERE about >= $1 AND about < $2
ORDER BY about, direction, partner
LIMIT $3;

-- name: asked_versions
SELECT DISTINCT record_id, record_version
FROM duty
WHERE
    direction = 'owed-to-us' AND partner = $1 AND record_id = ANY($2)
    AND state NOT IN ('void', 'aside')
ORDER BY record_id, record_version;

-- name: duties_due
SELECT
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at, reminded
FROM duty
WHERE
    state IN ('owed', 'acknowledged') AND due < $1
    AND (due, direction, partner, about) > ($2, $3, $4, $5)
    AND ($6::text = '' OR direction = $6)
    AND ($7::text = '' OR partner = $7)
ORDER BY due, direction, partner, about
LIMIT $8;

-- name: duties_to_remind
SELECT
    direction, partner, about, record_id, record_version, agreement, due, state, outcome, note, is_simulated, created_at,
    acknowledged_at, answered_at, reminded
FROM duty
WHERE state IN ('owed', 'acknowledged') AND due >= $1 AND due < $2 AND reminded <> $3
ORDER BY due, direction, partner, about
LIMIT $4;

-- name: answer_times
SELECT
    direction, partner, agreement, coalesce(record.kind, '') AS kind, duty.is_simulated,
    (extract(epoch FROM date_trunc('second', answered_at))::bigint
        - extract(epoch FROM date_trunc('second', duty.created_at))::bigint + 1800) / 3600 AS hours,
    count(*),
    count(*) FILTER (WHERE answered_at <= due OR (answered_at IS NOT NULL AND due IS NULL)),
    count(*) FILTER (WHERE answered_at IS NULL AND due < $2)
FROM duty
LEFT JOIN record ON record.id = duty.record_id AND record.is_current
WHERE duty.created_at >= $1 AND duty.created_at < $2 AND state NOT IN ('void', 'aside')
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 4, 5, 6 NULLS LAST;

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

-- name: state_counts
-- $1: overdue is what was due before it.
SELECT
    'sent' AS way, partner, type, state, count(*), 0,
    min(CASE WHEN state IN ('queued', 'sent', 'quarantined') THEN created_at END)
FROM outbox
GROUP BY partner, type, state
UNION ALL
SELECT
    'received', partner, type, state, count(*), 0,
    min(CASE WHEN state IN ('arrived', 'quarantined') THEN received_at END)
FROM inbox
GROUP BY partner, type, state
UNION ALL
SELECT
    direction, partner, 'feedback', state, count(*),
    count(*) FILTER (WHERE due < $1 AND state IN ('owed', 'acknowledged')),
    min(CASE WHEN state IN ('owed', 'acknowledged', 'aside') THEN created_at END)
FROM duty
GROUP BY direction, partner, state
UNION ALL
SELECT
    direction, partner, type, state, count(*),
    count(*) FILTER (WHERE due < $1 AND state IN ('asked', 'looked', 'desk')),
    min(CASE WHEN state IN ('asked', 'looked', 'desk') THEN created_at END)
FROM asking
GROUP BY direction, partner, type, state
UNION ALL
SELECT
    direction, partner, 'recall', state, count(*),
    count(*) FILTER (WHERE due < $1 AND state IN ('asked', 'delivered', 'partly')),
    min(CASE WHEN state IN ('asked', 'delivered', 'partly') THEN created_at END)
FROM recall
GROUP BY direction, partner, state
ORDER BY 1, 2, 3, 4;
