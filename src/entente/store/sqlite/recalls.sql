-- name: put_recall
INSERT INTO recall (
    direction, partner, about, id, record_id, agreement, reason, note, wanted, due, state, cause, who, is_simulated,
    created_at, settled_at, receipt
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
WHERE (?1 IS NULL OR direction = ?1) AND (?2 IS NULL OR record_id = ?2)
ORDER BY created_at, direction, partner, about;

-- name: recall
SELECT
    direction, partner, about, id, record_id, agreement, reason, note, wanted, due, state, cause, who, is_simulated,
    created_at, settled_at, receipt
FROM recall
WHERE id = ?
ORDER BY direction
LIMIT 1;

-- name: recalled_from
SELECT DISTINCT record_id
FROM recall
WHERE direction = 'given' AND state <> 'refused' AND partner = ? AND record_id IN (SELECT value FROM json_each(?));

-- name: passed_on
SELECT
    direction, partner, about, id, record_id, agreement, reason, note, wanted, due, state, cause, who, is_simulated,
    created_at, settled_at, receipt
FROM recall
WHERE cause = ? AND cause <> ''
ORDER BY partner, about;

-- name: put_recalled
INSERT INTO recalled (
    said_by, record_id, held_id, via, kind, wanted, reason, recall, mark, at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
WHERE record_id = ?1 OR held_id = ?1
ORDER BY said_by, record_id, held_id;

-- name: recalled_by_mark
SELECT said_by, record_id, held_id, via, kind, wanted, reason, recall, mark, at
FROM recalled
WHERE mark <> '' AND mark IN (SELECT value FROM json_each(?))
ORDER BY said_by, record_id, held_id;

-- name: mark_forms
-- One look into the index for each form: `>` comes right after `=`.
WITH RECURSIVE form (name) AS (
    SELECT substr(min(mark), 1, instr(min(mark), '=') - 1) AS name
    FROM recalled
    WHERE mark <> ''
    UNION ALL
    SELECT (
        SELECT substr(min(mark), 1, instr(min(mark), '=') - 1)
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
    evidence.finding_id = ? AND evidence.finding_version = ?
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
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
WHERE ?1 IS NULL OR direction = ?1
ORDER BY created_at, direction, partner, id;

-- name: sent_of
SELECT
    partner, seq, id, type, state, sealed, record_id, record_version, created_at, attempts, next_try_at, leased_by,
    leased_until, reason, receipt
FROM outbox
WHERE record_id = ?
ORDER BY partner, seq;

-- name: sent_message
SELECT
    partner, seq, id, type, state, sealed, record_id, record_version, created_at, attempts, next_try_at, leased_by,
    leased_until, reason, receipt
FROM outbox
WHERE partner = ? AND id = ?
ORDER BY seq
LIMIT 1;

-- name: received_of
SELECT partner, seq, id, type, state, reason, sealed, received_at, ledger_index, record_id
FROM inbox
WHERE record_id = ?
ORDER BY partner, seq;

-- name: received_message
SELECT partner, seq, id, type, state, reason, sealed, received_at, ledger_index, record_id
FROM inbox
WHERE partner = ? AND id = ?
ORDER BY seq
LIMIT 1;

-- name: erase_received
UPDATE inbox SET sealed = x''
WHERE partner = ? AND id = ? AND length(sealed) > 0;

-- name: put_handling
UPDATE record SET handling = ?2
WHERE id = ?1;
