-- name: put_intake
INSERT INTO intake (
    id, source, source_digest, reader, who, started_at, state, finished_at, kept, unchanged, quarantined, size,
    "position", header, corrects, is_simulated
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (id) DO UPDATE SET
    source = excluded.source, source_digest = excluded.source_digest, reader = excluded.reader, who = excluded.who,
    started_at = excluded.started_at, state = excluded.state, finished_at = excluded.finished_at, kept = excluded.kept,
    unchanged = excluded.unchanged, quarantined = excluded.quarantined, size = excluded.size,
    "position" = excluded."position", header = excluded.header, corrects = excluded.corrects,
    is_simulated = excluded.is_simulated;

-- name: intake
SELECT
    id, source, source_digest, reader, who, started_at, state, finished_at, kept, unchanged, quarantined, size,
    "position", header, corrects, is_simulated
FROM intake
WHERE id = $1;

-- name: intakes
SELECT
    id, source, source_digest, reader, who, started_at, state, finished_at, kept, unchanged, quarantined, size,
    "position", header, corrects, is_simulated
FROM intake
ORDER BY started_at DESC, id DESC;

-- name: add_quarantined
INSERT INTO quarantine (intake, line, field, code, value, details, "row")
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (intake, line) DO UPDATE SET
    field = excluded.field, code = excluded.code, value = excluded.value, details = excluded.details,
    "row" = excluded."row";

-- name: quarantined
SELECT intake, line, field, code, value, details, "row"
FROM quarantine
ORDER BY intake, line
LIMIT $1;

-- name: quarantined_of
SELECT intake, line, field, code, value, details, "row"
FROM quarantine
WHERE intake = $1 AND line > $2
ORDER BY line
LIMIT $3;

-- name: quarantine_counts
SELECT intake, code, count(*)
FROM quarantine
GROUP BY intake, code
ORDER BY intake, code;

-- name: log_access
INSERT INTO access (number, at, who, why, kind, "count", ids_digest)
VALUES ((SELECT coalesce(max(number), 0) + 1 FROM access), $1, $2, $3, $4, $5, $6);

-- name: accesses
SELECT at, who, why, kind, "count", ids_digest
FROM access
ORDER BY number DESC
LIMIT $1;
