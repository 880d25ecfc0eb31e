-- name: put_recall
INSERT INTO recall (
    direction, partner, about, id, record_id, agreement, reason, note, wanted, due, state, cause, who, is_simulated,
    created_at, settled_at, receipt
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (direction, partner, about) DO UPDATE SET
    id = excluded.id, record_id = excluded.record_id, agreement = excluded.agreement, reason = excluded.reason,
    note = excluded.note, wanted = excluded.wanted, due = excluded.due, state = excluded.state,
    cause = excluded.cause, who = excluded.who, is_simulated = excluded.is_simulated,
    created_at = excluded.created_at, settled_at = excluded.settled_at, receipt = excluded.receipt;

-- name: recalls
SELECT
    direction, partner, about, id, record_id, agreement, reason, note, wanted, due, state, cause, who, is_simulated,
    created_at, settled_at, receipt
FROM recall
WHERE ($1::text IS NULL OR direction = $1) AND ($2::text IS NULL OR record_id = $2)
ORDER BY created_at, direction, partner, about;

-- name: recall
SELECT
    direction, partner, about, id, record_id, agreement, reason, note, wanted, due, state, cause, who, is_simulated,
    created_at, settled_at, receipt
FROM recall
WHERE id = $1
ORDER BY direction
LIMIT 1;

-- name: recalled_from
SELECT DISTINCT record_id
FROM recall
WHERE direction = 'given' AND state <> 'refused' AND partner = $1 AND record_id = ANY($2);

-- name: passed_on
SELECT
    direction, partner, about, id, record_id, agreement, reason, note, wanted, due, state, cause, who, is_simulated,
    created_at, settled_at, receipt
FROM recall
WHERE cause = $1 AND cause <> ''
ORDER BY partner, about;

-- name: put_recalled
INSERT INTO recalled (
    said_by, record_id, held_id, via, kind, wanted, reason, recall, mark, at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (said_by, record_id, held_id) DO UPDATE SET
    via = excluded.via, kind = excluded.kind, wanted = excluded.wanted,
    reason = excluded.reason, recall = excluded.recall, mark = excluded.mark, at = excluded.at;

-- name: recalled
SELECT said_by, record_id, held_id, via, kind, wanted, reason, recall, mark, at
FROM recalled
ORDER BY at DESC, said_by, record_id, held_id;

-- name: recalled_as
SELECT said_by, record_id, held_id, via, kind, wanted, reason, recall, mark, at
FROM recalled
WHERE record_id = $1 OR held_id = $1
ORDER BY said_by, record_id, held_id;

-- name: recalled_by_mark
SELECT said_by, record_id, held_id, via, kind, wanted, reason, recall, mark, at
FROM recalled
WHERE mark <> '' AND mark = ANY($1)
ORDER BY said_by, record_id, held_id;

-- name: mark_forms
-- One look into the index for each form: `>` comes right after `=`.
WITH RECURSIVE form (name) AS (
    SELECT split_part(min(mark), '=', 1) AS name
    FROM recalled
    WHERE mark <> ''
    UNION ALL
    SELECT (
        SELECT split_part(min(mark), '=', 1)
        FROM recalled
        WHERE mark <> '' AND mark > form.name || '>'
    ) AS name
    FROM form
    WHERE form.name IS NOT NULL
)

SELECT name
FROM form
WHERE name IS NOT NULL
ORDER BY name;

-- name: unsupported_evidence
SELECT evidence.record_id
FROM evidence
WHERE
    evidence.finding_id = $1 AND evidence.finding_version = $2
    AND (
        EXISTS (
            SELECT 1 FROM record
            WHERE record.id = evidence.record_id AND record.version = evidence.record_version AND length(record.body) = 0
        )
        OR EXISTS (SELECT 1 FROM recalled WHERE recalled.held_id = evidence.record_id)
    )
ORDER BY evidence.record_id;

-- name: put_redisclosure
INSERT INTO redisclosure (
    direction, partner, id, about, record_id, recipient, purpose, why, agreement, state, fields, granted_until, answer,
    is_simulated, created_at, answered_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (direction, partner, id) DO UPDATE SET
    about = excluded.about, record_id = excluded.record_id, recipient = excluded.recipient,
    purpose = excluded.purpose, why = excluded.why, agreement = excluded.agreement, state = excluded.state,
    fields = excluded.fields, granted_until = excluded.granted_until, answer = excluded.answer,
    is_simulated = excluded.is_simulated, created_at = excluded.created_at, answered_at = excluded.answered_at;

-- name: redisclosures
SELECT
    direction, partner, id, about, record_id, recipient, purpose, why, agreement, state, fields, granted_until, answer,
    is_simulated, created_at, answered_at
FROM redisclosure
WHERE $1::text IS NULL OR direction = $1
ORDER BY created_at, direction, partner, id;

-- name: sent_of
SELECT
    partner, seq, id, type, state, sealed, record_id, record_version, created_at, attempts, next_try_at, leased_by,
    leased_until, reason, receipt
FROM outbox
WHERE record_id = $1
ORDER BY partner, seq;

-- name: sent_message
SELECT
    partner, seq, id, type, state, sealed, record_id, record_version, created_at, attempts, next_try_at, leased_by,
    leased_until, reason, receipt
FROM outbox
WHERE partner = $1 AND id = $2
ORDER BY seq
LIMIT 1;

-- name: received_of
SELECT partner, seq, id, type, state, reason, sealed, received_at, ledger_index, record_id
FROM inbox
WHERE record_id = $1
ORDER BY partner, seq;

-- name: received_message
SELECT partner, seq, id, type, state, reason, sealed, received_at, ledger_index, record_id
FROM inbox
WHERE partner = $1 AND id = $2
ORDER BY seq
LIMIT 1;

-- name: erase_received
UPDATE inbox SET sealed = ''
WHERE partner = $1 AND id = $2 AND length(sealed) > 0;

-- name: put_handling
UPDATE record SET handling = $2
WHERE id = $1;
