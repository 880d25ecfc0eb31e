-- name: put_asking
INSERT INTO asking (
    direction, partner, about, type, agreement, purpose, kind, urgency, due, state, body, outcome, reason,
    note, who, found, approvals, is_simulated, created_at, leaves_at, settled_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
ON CONFLICT (direction, partner, about) DO UPDATE SET
    type = excluded.type, agreement = excluded.agreement, purpose = excluded.purpose, kind = excluded.kind,
    urgency = excluded.urgency, due = excluded.due, state = excluded.state, body = excluded.body, outcome =
    excluded.outcome, reason = excluded.reason, note = excluded.note, who = excluded.who, found =
    excluded.found, approvals = excluded.approvals, is_simulated = excluded.is_simulated, created_at =
    excluded.created_at, leaves_at = excluded.leaves_at, settled_at = excluded.settled_at;

-- name: asking
SELECT
    direction, partner, about, type, agreement, purpose, kind, urgency, due, state, body, outcome, reason,
    note, who, found, approvals, is_simulated, created_at, leaves_at, settled_at
FROM asking
WHERE direction = $1 AND partner = $2 AND about = $3;

-- name: page
SELECT
    direction, partner, about, type, agreement, purpose, kind, urgency, due, state, body, outcome, reason,
    note, who, found, approvals, is_simulated, created_at, leaves_at, settled_at
FROM asking
WHERE
    (direction, partner, about) > ($1, $2, $3)
    AND ($4::text IS NULL OR direction = $4)
    AND ($5::text IS NULL OR state = $5)
ORDER BY direction, partner, about
LIMIT $6;

-- name: latest
SELECT
    direction, partner, about, type, agreement, purpose, kind, urgency, due, state, body, outcome, reason,
    note, who, found, approvals, is_simulated, created_at, leaves_at, settled_at
FROM asking
WHERE
    direction = 'asked-of-us' AND partner = $1 AND agreement = $2 AND purpose = $3 AND type = $4
ORDER BY created_at DESC, about DESC
LIMIT $5;

-- name: number
SELECT count(*)
FROM asking
WHERE
    direction = 'asked-of-us' AND partner = $1 AND agreement = $2 AND purpose = $3 AND type = $4
    AND created_at >= $5;

-- name: settled
SELECT
    direction, partner, about, type, agreement, purpose, kind, urgency, due, state, body, outcome, reason,
    note, who, found, approvals, is_simulated, created_at, leaves_at, settled_at
FROM asking
WHERE (direction, partner, about) > ($1, $2, $3) AND settled_at < $4 AND length(body) > 0
ORDER BY direction, partner, about
LIMIT $5;

-- name: sent
SELECT
    partner, seq, id, type, state, sealed, record_id, record_version, created_at, attempts, next_try_at, leased_by,
    leased_until, reason, receipt
FROM outbox
WHERE
    (partner, seq) > ($1, $2)
    AND type IN ('query', 'request', 'answer', 'refusal')
    AND length(sealed) > 0
ORDER BY partner, seq
LIMIT $3;

-- name: received
SELECT partner, seq, id, type, state, reason, sealed, received_at, ledger_index, record_id
FROM inbox
WHERE
    (partner, seq) > ($1, $2)
    AND type IN ('query', 'request', 'answer', 'refusal')
    AND length(sealed) > 0
ORDER BY partner, seq
LIMIT $3;

-- name: counts
SELECT direction, partner, type, count(*), count(*) FILTER (WHERE due < $1)
FROM asking
WHERE state IN ('asked', 'looked', 'desk') AND length(body) > 0
GROUP BY direction, partner, type
ORDER BY direction, partner, type;
