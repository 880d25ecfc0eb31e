-- name: add
COPY inbox (
    partner, seq, id, type, state, reason, sealed, received_at, ledger_index, record_id
) FROM STDIN (FORMAT binary);

-- name: received_seq
SELECT received_seq FROM position WHERE party = $1;

-- name: move_received
INSERT INTO position (party, received_seq, received_id) VALUES ($1, $2, $3)
ON CONFLICT (party) DO UPDATE SET received_seq = excluded.received_seq, received_id = excluded.received_id;

-- name: page
SELECT partner, seq, id, type, state, reason, sealed, received_at, ledger_index, record_id
FROM inbox
WHERE partner = $1 AND seq >= $2 AND ($3::bigint IS NULL OR seq < $3)
ORDER BY seq
LIMIT $4;

-- name: reasons
SELECT partner, state, reason, count(*)
FROM inbox
GROUP BY partner, state, reason
ORDER BY partner, state, reason;

-- name: counts
SELECT partner, type, state, count(*)
FROM inbox
GROUP BY partner, type, state
ORDER BY partner, type, state;

-- name: forget_nonces
DELETE FROM nonce WHERE seen_at < $1;

-- name: add_nonce
INSERT INTO nonce (key_id, nonce, seen_at) VALUES ($1, $2, $3)
ON CONFLICT (key_id, nonce) DO NOTHING;
