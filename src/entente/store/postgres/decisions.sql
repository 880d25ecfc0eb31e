-- name: add_explanation
INSERT INTO explanation (mask, body) VALUES ($1, $2)
ON CONFLICT (mask) DO NOTHING;

-- name: add_decision
INSERT INTO decision (record_id, record_version, partner, purpose, outcome, mask, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (record_id, partner, purpose, record_version) DO UPDATE SET
    outcome = excluded.outcome, mask = excluded.mask, decided_at = excluded.decided_at;

-- name: decisions_of
SELECT record_id, record_version, partner, purpose, outcome, mask, decided_at
FROM decision
WHERE mask = $1 AND decided_at = $2
ORDER BY record_id, record_version
LIMIT $3;

-- name: decisions
SELECT record_id, record_version, partner, purpose, outcome, mask, decided_at
FROM decision
WHERE record_id = $1
ORDER BY record_version, partner, purpose;

-- name: explanation
SELECT mask, body FROM explanation WHERE mask = $1;

-- name: counts
SELECT partner, purpose, outcome, mask, count(*)
FROM decision
WHERE NOT EXISTS (
    SELECT 1
    FROM decision AS later
    WHERE
        later.record_id = decision.record_id
        AND later.partner = decision.partner
        AND later.purpose = decision.purpose
        AND later.record_version > decision.record_version
)
GROUP BY partner, purpose, outcome, mask
ORDER BY partner, purpose, outcome, mask;

-- name: put_release
INSERT INTO release (id, record_id, record_version, partner, purpose, state, needs, approvals, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE SET
    record_id = excluded.record_id, record_version = excluded.record_version, partner = excluded.partner,
    purpose = excluded.purpose, state = excluded.state, needs = excluded.needs, approvals = excluded.approvals,
    created_at = excluded.created_at;

-- name: release
SELECT id, record_id, record_version, partner, purpose, state, needs, approvals, created_at
FROM release
WHERE id = $1;

-- name: releases
SELECT id, record_id, record_version, partner, purpose, state, needs, approvals, created_at
FROM release
WHERE $1::text IS NULL OR state = $1
ORDER BY created_at, id;
