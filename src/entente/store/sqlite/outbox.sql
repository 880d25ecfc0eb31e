-- name: add
INSERT INTO outbox (
    partner, seq, id, type, state, sealed, record_id, record_version, created_at, attempts, next_try_at, leased_by,
    leased_until, reason, receipt
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: sent_seq
SELECT sent_seq FROM position WHERE party = ?;

-- name: move_sent
INSERT INTO position (party, sent_seq, sent_id) VALUES (?, ?, ?)
ON CONFLICT (party) DO UPDATE SET sent_seq = excluded.sent_seq, sent_id = excluded.sent_id;

-- name: claim
-- ?1 partner, ?2 worker, ?3 now, ?4 lease until, ?5 limit. `is_free` stays 1 from the first message on as long as every
-- message is due; `seq - place` is the same for a run of sequence numbers without a hole.
WITH unsettled AS (
    SELECT
        seq,
        seq - row_number() OVER (ORDER BY seq) AS run,
        min(
            (next_try_at IS NULL OR next_try_at <= ?3)
            AND (leased_until IS NULL OR leased_until <= ?3 OR leased_by = ?2)
        ) OVER (ORDER BY seq) AS is_free
    FROM outbox
    WHERE partner = ?1 AND state IN ('queued', 'sent')
    ORDER BY seq
    LIMIT ?5
)
UPDATE outbox
SET state = 'sent', attempts = attempts + 1, next_try_at = NULL, leased_by = ?2, leased_until = ?4
WHERE partner = ?1 AND seq IN (
    SELECT seq FROM unsettled WHERE is_free = 1 AND run = (SELECT min(run) FROM unsettled)
)
RETURNING
    partner, seq, id, type, state, sealed, record_id, record_version, created_at, attempts, next_try_at, leased_by,
    leased_until, reason, receipt;

-- name: settle
UPDATE outbox
SET state = ?3, reason = ?4, receipt = ?5, next_try_at = NULL, leased_by = NULL, leased_until = NULL
WHERE partner = ?1 AND seq = ?2;

-- name: put_off
UPDATE outbox
SET state = 'queued', next_try_at = ?3, reason = ?4, leased_by = NULL, leased_until = NULL
WHERE partner = ?1 AND state IN ('queued', 'sent') AND seq IN (SELECT value FROM json_each(?2));

-- name: requeue
UPDATE outbox
SET state = 'queued', next_try_at = NULL, leased_by = NULL, leased_until = NULL, reason = ''
WHERE partner = ?1 AND seq IN (SELECT value FROM json_each(?2));

-- name: requeue_unsettled
UPDATE outbox
SET state = 'queued', next_try_at = NULL, leased_by = NULL, leased_until = NULL, reason = ''
WHERE
    partner = ?1
    AND state IN ('queued', 'sent')
    AND (state = 'sent' OR next_try_at IS NOT NULL OR leased_by IS NOT NULL);

-- name: replace_sealed
UPDATE outbox SET sealed = ?3
WHERE partner = ?1 AND seq = ?2;

-- name: last_sent
SELECT id FROM outbox WHERE record_id = ? AND partner = ? ORDER BY seq DESC LIMIT 1;

-- name: page
SELECT
    partner, seq, id, type, state, sealed, record_id, record_version, created_at, attempts, next_try_at, leased_by,
    leased_until, reason, receipt
FROM outbox
WHERE partner = ?1 AND seq >= ?2 AND (?3 IS NULL OR seq < ?3)
ORDER BY seq
LIMIT ?4;

-- name: newest_receipt
SELECT receipt FROM outbox WHERE partner = ? AND receipt IS NOT NULL ORDER BY seq DESC LIMIT 1;

-- name: reasons
SELECT partner, state, reason, count(*)
FROM outbox
GROUP BY partner, state, reason
ORDER BY partner, state, reason;

-- name: counts
SELECT partner, type, state, count(*)
FROM outbox
GROUP BY partner, type, state
ORDER BY partner, type, state;

-- name: states
SELECT type, state, count(*)
FROM outbox
WHERE partner = ?1 AND seq >= ?2 AND seq < ?3
GROUP BY type, state
ORDER BY type, state;

-- name: waiting
SELECT partner, count(*), min(created_at)
FROM outbox
WHERE state IN ('queued', 'sent')
GROUP BY partner
ORDER BY partner;
